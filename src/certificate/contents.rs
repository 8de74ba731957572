//! What a certificate file holds, whatever its form.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use der::{Decode, EncodingRules, Header, Reader, SliceReader, Tag};
use zeroize::Zeroizing;

use super::costs::Costs;
use super::details::Certificate;
use super::encryption::{RECODE, open_key};
use super::invalid::{Invalid, Problem};
use super::key::Key;
use super::{MAX_BYTES, MAX_CERTIFICATES, pkcs12};

/// Private keys in one file at most. One is used; to say how many there are too many, a few do.
const MAX_KEYS: usize = 16;

/// Certificates and private keys, each once, in the order of the file.
#[derive(Default, Debug)]
pub(super) struct Contents {
    pub(super) certificates: Vec<Certificate>,
    pub(super) keys: Vec<Key>,
}

impl Contents {
    pub(super) fn add_certificate(&mut self, der: &[u8]) -> Result<(), Invalid> {
        if self.certificates.iter().any(|known| known.der().as_ref() == der) {
            return Ok(());
        }
        if self.certificates.len() == MAX_CERTIFICATES {
            return Err(Invalid::new(Problem::TooLarge, format!("there are more than {MAX_CERTIFICATES} certificates")));
        }
        self.certificates.push(Certificate::from_der(der)?);
        Ok(())
    }

    pub(super) fn add_key(&mut self, key: Key) -> Result<(), Invalid> {
        if self.keys.contains(&key) {
            return Ok(());
        }
        if self.keys.len() == MAX_KEYS {
            return Err(Invalid::new(Problem::TooLarge, format!("there are more than {MAX_KEYS} private keys")));
        }
        self.keys.push(key);
        Ok(())
    }
}

/// Reads a file, or the text that a secret has in its place.
pub(super) fn read(bytes: &[u8], password: &str) -> Result<Contents, Invalid> {
    let mut costs = Costs::new();
    // Base64 of the longest file, in lines, is not longer.
    let longest = if looks_binary(bytes) { MAX_BYTES } else { MAX_BYTES * 3 / 2 };
    if bytes.len() > longest {
        return Err(Invalid::new(Problem::TooLarge, format!("the certificate is larger than {} MiB", MAX_BYTES >> 20)));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Invalid::new(Problem::Empty, "there is no certificate: the value is empty"));
    }
    if let Some(contents) = read_plain(bytes, password, &mut costs) {
        return contents;
    }
    let Some(decoded) = decode_base64(bytes) else { return Err(unknown_form()) };
    if decoded.iter().all(u8::is_ascii_whitespace) {
        return Err(Invalid::new(Problem::Empty, "there is no certificate: the value is empty"));
    }
    read_plain(&decoded, password, &mut costs).unwrap_or_else(|| Err(unknown_form()))
}

fn unknown_form() -> Invalid {
    Invalid::unreadable("the certificate has no form that is known")
        .help("it is to be PKCS #12, PEM or DER, or base64 of one of them")
}

/// DER and BER begin with a sequence; no text begins with `0` and a length.
fn looks_binary(bytes: &[u8]) -> bool {
    bytes.first() == Some(&0x30) && bytes.get(1).is_some_and(|length| *length >= 0x80)
}

/// PEM or DER; `None` when it is neither.
fn read_plain(bytes: &[u8], password: &str, costs: &mut Costs) -> Option<Result<Contents, Invalid>> {
    const MARK: &[u8] = b"-----BEGIN ";
    if !looks_binary(bytes) && bytes.windows(MARK.len()).any(|window| window == MARK) {
        return Some(read_pem(bytes, password, costs));
    }
    let kind = Kind::of(bytes)?;
    let mut contents = Contents::default();
    Some(read_der(kind, bytes, password, costs, &mut contents).map(|()| contents))
}

/// What a DER (or BER) sequence is, told by its first elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Certificate,
    Pkcs12,
    EncryptedKey,
    Pkcs8,
    Pkcs1,
    Sec1,
    Pkcs7,
}

impl Kind {
    fn of(bytes: &[u8]) -> Option<Kind> {
        let mut reader = SliceReader::new_with_encoding_rules(bytes, EncodingRules::Ber).ok()?;
        let outer = Header::decode(&mut reader).ok()?;
        if outer.tag() != Tag::Sequence {
            return None;
        }
        let first = Header::peek(&reader).ok()?.tag();
        let first_bytes = reader.tlv_bytes().ok()?;
        let second = Header::peek(&reader).ok().map(|header| header.tag());
        match (first, second) {
            (Tag::Sequence, Some(Tag::OctetString)) => Some(Kind::EncryptedKey),
            (Tag::Sequence, Some(Tag::Sequence)) => Some(Kind::Certificate),
            (Tag::Integer, Some(Tag::Sequence)) if first_bytes.last() == Some(&3) => Some(Kind::Pkcs12),
            (Tag::Integer, Some(Tag::Sequence)) => Some(Kind::Pkcs8),
            (Tag::Integer, Some(Tag::Integer)) => Some(Kind::Pkcs1),
            (Tag::Integer, Some(Tag::OctetString)) => Some(Kind::Sec1),
            (Tag::ObjectIdentifier, Some(second)) if second.is_context_specific() => Some(Kind::Pkcs7),
            _ => None,
        }
    }
}

fn read_der(kind: Kind, bytes: &[u8], password: &str, costs: &mut Costs, contents: &mut Contents) -> Result<(), Invalid> {
    match kind {
        Kind::Certificate => contents.add_certificate(bytes)?,
        Kind::Pkcs12 => *contents = pkcs12::read(bytes, password, costs)?,
        Kind::EncryptedKey => contents.add_key(open_pkcs8(bytes, password, costs)?)?,
        Kind::Pkcs8 => contents.add_key(Key::pkcs8(bytes.to_vec()))?,
        Kind::Pkcs1 => contents.add_key(Key::pkcs1(bytes.to_vec()))?,
        Kind::Sec1 => contents.add_key(Key::sec1(bytes.to_vec()))?,
        Kind::Pkcs7 => return Err(pkcs7()),
    }
    Ok(())
}

fn pkcs7() -> Invalid {
    Invalid::new(Problem::Unsupported, "a PKCS #7 file holds certificates without a private key, and is not supported")
        .help("`openssl pkcs7 -print_certs -in OLD -out NEW.pem` writes its certificates as PEM")
}

fn open_pkcs8(bytes: &[u8], password: &str, costs: &mut Costs) -> Result<Key, Invalid> {
    let opened = open_key(bytes, password, costs)?;
    match Kind::of(&opened) {
        Some(Kind::Pkcs8) => Ok(Key::pkcs8(opened.to_vec())),
        // A wrong password sometimes leaves a padding that looks right.
        _ => Err(Invalid::password(password)),
    }
}

fn read_pem(text: &[u8], password: &str, costs: &mut Costs) -> Result<Contents, Invalid> {
    let text = with_line_breaks(text);
    let unreadable = |_| Invalid::unreadable("the PEM text cannot be read: a section is damaged or cut short");
    let sections = pem::parse_many(text.as_slice()).map_err(unreadable)?;
    let mut contents = Contents::default();
    for section in &sections {
        read_section(section, password, costs, &mut contents)?;
    }
    let begun = text.windows(11).filter(|window| window == b"-----BEGIN ").count();
    if begun != sections.len() {
        return Err(Invalid::unreadable("the PEM text cannot be read: a section has no end"));
    }
    Ok(contents)
}

/// Environment variables often hold a PEM text in one line, its line breaks written `\n`.
fn with_line_breaks(text: &[u8]) -> Zeroizing<Vec<u8>> {
    match std::str::from_utf8(text) {
        Ok(text) if !text.contains('\n') => Zeroizing::new(text.replace("\\r", "").replace("\\n", "\n").into_bytes()),
        _ => Zeroizing::new(text.to_vec()),
    }
}

fn read_section(section: &pem::Pem, password: &str, costs: &mut Costs, contents: &mut Contents) -> Result<(), Invalid> {
    let is_encrypted = section.headers().iter().any(|(name, value)| name == "Proc-Type" && value.contains("ENCRYPTED"));
    if is_encrypted {
        let message =
            "the private key is encrypted in OpenSSL's own form (`Proc-Type: 4,ENCRYPTED`), which is not supported";
        return Err(Invalid::new(Problem::Unsupported, message).help(RECODE));
    }
    let bytes = section.contents();
    let kind = match section.tag() {
        "CERTIFICATE" | "X509 CERTIFICATE" => Kind::Certificate,
        "PRIVATE KEY" => Kind::Pkcs8,
        "ENCRYPTED PRIVATE KEY" => Kind::EncryptedKey,
        "RSA PRIVATE KEY" => Kind::Pkcs1,
        "EC PRIVATE KEY" => Kind::Sec1,
        "PKCS7" | "CMS" => Kind::Pkcs7,
        label if label.ends_with("PRIVATE KEY") => {
            let message = format!("the private key is in the form `{}`, which is not supported", label.escape_debug());
            return Err(Invalid::new(Problem::Unsupported, message).help(RECODE));
        }
        // Requests, parameters, public keys: they belong to the certificate, but are not needed.
        _ => return Ok(()),
    };
    read_der(kind, bytes, password, costs, contents)
}

/// Base64 as it is written anywhere: in lines, with either alphabet, padded or not.
fn decode_base64(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let written: Zeroizing<Vec<u8>> =
        Zeroizing::new(text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect());
    let configuration = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let decode = |alphabet| GeneralPurpose::new(alphabet, configuration).decode(written.as_slice()).ok();
    decode(&alphabet::STANDARD).or_else(|| decode(&alphabet::URL_SAFE)).map(Zeroizing::new)
}
