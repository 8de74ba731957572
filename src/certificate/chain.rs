//! Which certificate belongs to the key, and which ones follow it.

use super::details::Certificate;

/// Certificates in the order in which TLS sends them: each issued by the next (RFC 8446 section 4.4.2).
#[derive(Debug)]
pub(super) struct Chain {
    pub(super) certificates: Vec<Certificate>,
    /// The issuer of the last one, when it is neither there nor the last one itself.
    pub(super) missing_issuer: Option<String>,
    /// Certificates of issuers that stand in the file and lead nowhere, also where they were given besides.
    pub(super) strays: Vec<Certificate>,
}

impl Chain {
    /// The chain of a certificate, from those of the file and then from CA certificates that were given besides, as OpenSSL
    /// completes it (SSL_CTX_set_mode(3), `SSL_MODE_NO_AUTO_CHAIN`). A root ends it, and of the given ones is left off: the
    /// server has it.
    pub(super) fn of(leaf: &Certificate, file: &[Certificate], given: &[Certificate]) -> Chain {
        let mut certificates = vec![leaf.clone()];
        let mut missing_issuer = None;
        let mut last = leaf;
        while !last.is_self_issued() {
            let issues = |one: &&Certificate| one.may_have_issued(last) && !certificates.contains(one);
            // Of a renewed one the newer.
            if let Some(issuer) = file.iter().filter(issues).max_by_key(|one| one.not_after) {
                certificates.push(issuer.clone());
                last = issuer;
                continue;
            }
            match given.iter().find(issues) {
                Some(issuer) if issuer.is_self_issued() => break,
                Some(issuer) => {
                    certificates.push(issuer.clone());
                    last = issuer;
                }
                None => {
                    missing_issuer = Some(last.issuer.clone());
                    break;
                }
            }
        }
        // An older certificate of an issuer that is in the chain leads to the same place.
        let is_older = |one: &Certificate| {
            certificates.iter().any(|known| known.subject == one.subject && known.public_key() == one.public_key())
        };
        let is_stray = |one: &&Certificate| !is_older(one) && (one.is_authority || one.is_self_issued());
        let strays = file.iter().filter(is_stray).cloned().collect();
        Chain { certificates, missing_issuer, strays }
    }

    /// Whether issuers came with the certificate, and the one that is needed is not among them: a gap in the chain. Where no
    /// issuer came along, the missing one may be a root, which need not be sent.
    pub(super) fn has_gap(&self) -> bool {
        self.missing_issuer.is_some() && !self.strays.is_empty()
    }
}
