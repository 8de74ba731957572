//! PKCS #12 (RFC 7292): the MAC over it, and the certificates and keys in it.

use der::asn1::{ObjectIdentifier, OctetString, OctetStringRef};
use der::{AnyRef, Decode, EncodingRules, Reader, Sequence, SliceReader};
use hmac::digest::Digest;
use hmac::digest::block_api::BlockSizeUser;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};

use super::contents::Contents;
use super::costs::Costs;
use super::encryption::{Algorithm, Purpose, decrypt, derive_key, open_key, spellings};
use super::invalid::{Invalid, Problem};
use super::key::Key;

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const ENCRYPTED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");
const KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.1");
const SHROUDED_KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
const CERTIFICATE_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.3");
const X509_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.22.1");

/// Bags and the like in one file at most; each costs little, and the file's length bounds them too.
const MAX_BAGS: usize = 10_000;

#[derive(Sequence)]
struct Pfx<'a> {
    version: u8,
    contents: DataContent,
    #[asn1(optional = "true")]
    mac: Option<MacData<'a>>,
}

/// A `ContentInfo` of type data.
#[derive(Sequence)]
struct DataContent {
    content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    content: OctetString,
}

/// A `ContentInfo` of type encryptedData (RFC 5652 section 8).
#[derive(Sequence)]
struct EncryptedContent<'a> {
    content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    content: EncryptedData<'a>,
}

#[derive(Sequence)]
struct EncryptedData<'a> {
    version: u8,
    content: EncryptedContentInfo<'a>,
}

#[derive(Sequence)]
struct EncryptedContentInfo<'a> {
    content_type: ObjectIdentifier,
    algorithm: Algorithm<'a>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    encrypted: OctetString,
}

#[derive(Sequence)]
struct MacData<'a> {
    digest: DigestInfo<'a>,
    salt: &'a OctetStringRef,
    #[asn1(default = "one")]
    iterations: u32,
}

fn one() -> u32 {
    1
}

#[derive(Sequence)]
struct DigestInfo<'a> {
    algorithm: Algorithm<'a>,
    digest: &'a OctetStringRef,
}

#[derive(Sequence)]
struct CertificateBag {
    kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    certificate: OctetString,
}

/// What the file holds.
pub(super) fn read(bytes: &[u8], password: &str, costs: &mut Costs) -> Result<Contents, Invalid> {
    let pfx = Pfx::from_ber(bytes).map_err(|_| pfx_unreadable(bytes))?;
    if pfx.version != 3 || pfx.contents.content_type != DATA {
        return Err(pfx_unreadable(bytes));
    }
    let safes = pfx.contents.content.as_bytes();
    if let Some(mac) = &pfx.mac {
        verify(mac, safes, password, costs)?;
    }
    let mut contents = Contents::default();
    for safe in items(safes)? {
        read_safe(safe, password, costs, &mut contents)?;
    }
    Ok(contents)
}

fn pfx_unreadable(bytes: &[u8]) -> Invalid {
    /// The head of a PKCS #12 file: enough to tell how it is protected.
    #[derive(Sequence)]
    struct Head<'a> {
        version: u8,
        contents: Algorithm<'a>,
        #[asn1(optional = "true")]
        mac: Option<AnyRef<'a>>,
    }
    match Head::from_ber(bytes) {
        Ok(head) if head.version == 3 && head.mac.is_none() && head.contents.oid == SIGNED_DATA => {
            Invalid::new(Problem::Unsupported, "the PKCS #12 file is signed, which is not supported")
        }
        _ => damaged(),
    }
}

fn damaged() -> Invalid {
    Invalid::unreadable("the PKCS #12 file cannot be read: it is damaged or cut short")
}

/// The elements of a sequence, whole.
fn items(bytes: &[u8]) -> Result<Vec<&[u8]>, Invalid> {
    let mut reader = SliceReader::new_with_encoding_rules(bytes, EncodingRules::Ber).map_err(|_| damaged())?;
    let items = reader.sequence(|reader| {
        let mut items = Vec::new();
        // One more tells that there are too many; the rest is not looked at.
        while !reader.is_finished() {
            let item = reader.tlv_bytes()?;
            if items.len() <= MAX_BAGS {
                items.push(item);
            }
        }
        Ok::<_, der::Error>(items)
    });
    let items = items.map_err(|_| damaged())?;
    match items.len() > MAX_BAGS {
        true => Err(Invalid::new(Problem::TooLarge, format!("the PKCS #12 file holds more than {MAX_BAGS} entries"))),
        false => Ok(items),
    }
}

fn read_safe(safe: &[u8], password: &str, costs: &mut Costs, contents: &mut Contents) -> Result<(), Invalid> {
    match first_identifier(safe)? {
        DATA => {
            let safe = DataContent::from_ber(safe).map_err(|_| damaged())?;
            read_bags(safe.content.as_bytes(), password, costs, contents)
        }
        ENCRYPTED_DATA => {
            let safe = EncryptedContent::from_ber(safe).map_err(|_| damaged())?.content.content;
            let plain = decrypt(&safe.algorithm, safe.encrypted.as_bytes(), password, costs)?;
            // A wrong password sometimes leaves a padding that looks right.
            read_bags(&plain, password, costs, contents).map_err(|invalid| match invalid.problem {
                Problem::Unreadable => Invalid::password(password),
                _ => invalid,
            })
        }
        _ => {
            let message = "the PKCS #12 file is encrypted for a public key, which is not supported";
            Err(Invalid::new(Problem::Unsupported, message))
        }
    }
}

fn read_bags(bags: &[u8], password: &str, costs: &mut Costs, contents: &mut Contents) -> Result<(), Invalid> {
    for bag in items(bags)? {
        let (kind, value) = bag_value(bag).map_err(|_| damaged())?;
        match kind {
            KEY_BAG => contents.add_key(Key::pkcs8(value.to_vec()))?,
            SHROUDED_KEY_BAG => contents.add_key(Key::pkcs8(open_key(value, password, costs)?.to_vec()))?,
            CERTIFICATE_BAG => {
                let bag = CertificateBag::from_ber(value).map_err(|_| damaged())?;
                if bag.kind == X509_CERTIFICATE {
                    contents.add_certificate(bag.certificate.as_bytes())?;
                }
            }
            // Lists of revoked certificates, secrets of other kinds.
            _ => {}
        }
    }
    Ok(())
}

/// The type of a bag and its value, whole. Its attributes (a name, an id) play no part: the key says which certificate fits.
fn bag_value(bag: &[u8]) -> der::Result<(ObjectIdentifier, &[u8])> {
    let mut reader = SliceReader::new_with_encoding_rules(bag, EncodingRules::Ber)?;
    reader.sequence(|reader| {
        let kind = ObjectIdentifier::decode(reader)?;
        let header = der::Header::decode(reader)?;
        if !header.tag().is_context_specific() {
            return Err(header.tag().unexpected_error(None).into());
        }
        let value = reader.tlv_bytes()?;
        while !reader.is_finished() {
            reader.read_byte()?;
        }
        Ok((kind, value))
    })
}

fn first_identifier(content: &[u8]) -> Result<ObjectIdentifier, Invalid> {
    let mut reader = SliceReader::new_with_encoding_rules(content, EncodingRules::Ber).map_err(|_| damaged())?;
    let head = der::Header::decode(&mut reader).and_then(|_| ObjectIdentifier::decode(&mut reader));
    head.map_err(|_| damaged())
}

fn verify(mac: &MacData<'_>, content: &[u8], password: &str, costs: &mut Costs) -> Result<(), Invalid> {
    match mac.digest.algorithm.oid.to_string().as_str() {
        "1.3.14.3.2.26" => verify_with::<Sha1>(mac, content, password, costs),
        "2.16.840.1.101.3.4.2.4" => verify_with::<Sha224>(mac, content, password, costs),
        "2.16.840.1.101.3.4.2.1" => verify_with::<Sha256>(mac, content, password, costs),
        "2.16.840.1.101.3.4.2.2" => verify_with::<Sha384>(mac, content, password, costs),
        "2.16.840.1.101.3.4.2.3" => verify_with::<Sha512>(mac, content, password, costs),
        // PBMAC1 (RFC 9579) and rare hashes: the password is then tried by decrypting, which needs no MAC.
        _ => Ok(()),
    }
}

fn verify_with<H>(mac: &MacData<'_>, content: &[u8], password: &str, costs: &mut Costs) -> Result<(), Invalid>
where
    H: Digest + BlockSizeUser,
    Hmac<H>: Mac + KeyInit,
    H: hmac::EagerHash,
{
    let bytes = <H as Digest>::output_size();
    for spelling in spellings(password) {
        let key = derive_key::<H>(&spelling, mac.salt.as_bytes(), Purpose::Mac, mac.iterations, bytes, costs)?;
        let mut hmac = <Hmac<H> as KeyInit>::new_from_slice(&key).map_err(|_| damaged())?;
        hmac.update(content);
        if hmac.verify_slice(mac.digest.digest.as_bytes()).is_ok() {
            return Ok(());
        }
    }
    Err(Invalid::password(password))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_beyond_the_limit_are_told() {
        let sequence = |count: usize| {
            let [.., high, low] = (2 * count).to_be_bytes();
            [&[0x30, 0x82, high, low], [0x05, 0x00].repeat(count).as_slice()].concat()
        };
        assert_eq!(items(&sequence(MAX_BAGS)).map(|items| items.len()), Ok(MAX_BAGS));
        assert_eq!(items(&sequence(MAX_BAGS + 1)).map_err(|invalid| invalid.problem), Err(Problem::TooLarge));
    }
}
