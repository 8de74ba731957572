//! The real values of secrets, for what is really sent: from the environment, then from the secrets file.
//!
//! Nothing else reads them: `lint`, `test` and `render` work with the values that a spec gives, and so does `mock` unless it is
//! told otherwise.
#![allow(clippy::disallowed_methods, reason = "real secrets come from the environment and from a file of the user's own")]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::{Zeroize, Zeroizing};

use hookwright::case::{Given, GivenAttribute, GivenSecret};
use hookwright::eval::SecretPlaces;
use hookwright::plan::{AttributeName, Plan};
use hookwright::source::{MAX_FILE_BYTES, Span};
use hookwright::spec::given_value;
use hookwright::value::{AttributeType, MASK, Scalar, TaintedText, Value};

use super::Refusal;
use super::input::read_all;
use super::project::Project;

/// The largest secrets file that is read.
const MAX_SECRETS_BYTES: u64 = 1024 * 1024;

/// Where real values are, for all actions of a run.
#[derive(Debug)]
pub struct RealSecrets {
    /// What the secrets file holds, by name.
    written: BTreeMap<String, Written>,
    /// The folder of the secrets file.
    folder: PathBuf,
    places: SecretPlaces,
}

/// A value as the secrets file writes it.
#[derive(Debug)]
enum Written {
    Value(TaintedText),
    /// `{ file = "client.p12" }`, relative to the secrets file.
    File(PathBuf),
}

/// Whether an action uses any, attributes that are secrets included.
pub fn are_used(plan: &Plan) -> bool {
    !plan.used_secrets().is_empty() || !plan.secret_attributes.is_empty()
}

/// Puts the mask in the place of what a case gives for the attributes that are secrets on the platform: its values are for
/// tests, and a mask is never sent.
pub fn set_aside(plan: &Plan, given: &mut Given) {
    for name in &plan.secret_attributes {
        let known = given.attributes.get(name).filter(|known| !known.value.is_null()).cloned();
        known.into_iter().for_each(|known| given.attributes.put(GivenAttribute { value: Value::secret(MASK), ..known }));
    }
}

/// The secret attributes without a value: those that nobody has given, and those that have only a mask.
pub fn attributes_without_value<'p>(plan: &'p Plan, given: &Given) -> Vec<&'p AttributeName> {
    let has_none = |name: &&AttributeName| given.attribute(name).is_none_or(|value| value.as_str() == Some(MASK));
    plan.secret_attributes.iter().filter(has_none).collect()
}

/// Gives a secret attribute its value: the text as it stands, or JSON where the attribute is declared to be no text.
pub fn give(plan: &Plan, given: &mut Given, name: &AttributeName, value: &TaintedText, span: Span) {
    let declared = plan.types.get(name).map(|known| known.declared);
    let is_text = declared.is_none_or(|declared| declared == AttributeType::one(Scalar::String));
    let json = if is_text { None } else { serde_json::from_str(value.reveal()).ok() };
    let value = given_value(declared, json.unwrap_or_else(|| value.reveal().into())).tainted_if(true);
    given.attributes.put(GivenAttribute { name: name.clone(), value, span });
}

impl RealSecrets {
    /// Adds the real values of the secret attributes that have none yet.
    ///
    /// # Errors
    /// When a file that a value stands in cannot be read.
    pub fn give_attributes(&self, plan: &Plan, given: &mut Given, span: Span) -> Result<(), Refusal> {
        for name in attributes_without_value(plan, given) {
            if let Some(value) = self.value(name.attribute())? {
                give(plan, given, name, &value, span);
            }
        }
        Ok(())
    }

    /// Reads the secrets file, if there is one.
    ///
    /// # Errors
    /// When it must not or cannot be used: others can read it, it is no file, it is not what a secrets file is.
    pub fn open(project: &Project) -> Result<RealSecrets, Refusal> {
        let manifest = &project.manifest;
        let path = project.root.join(&manifest.secrets_file);
        let refused = |why: String| Refusal(format!("the secrets file `{}` {why}", manifest.secrets_file));
        let text = read_private(&path).map_err(refused)?;
        let there = if text.is_some() { "" } else { " (there is none)" };
        let places = SecretPlaces {
            env_prefix: manifest.secrets_prefix.clone(),
            declared: manifest.secrets.clone(),
            file: format!("the file `{}`{there}", manifest.secrets_file),
        };
        let written = text.map(|text| parse(&text)).transpose().map_err(refused)?.unwrap_or_default();
        Ok(RealSecrets { written, folder: path.parent().map(Path::to_path_buf).unwrap_or_default(), places })
    }

    /// For an action that uses no secret: nothing is read.
    pub fn none() -> RealSecrets {
        RealSecrets { written: BTreeMap::new(), folder: PathBuf::new(), places: SecretPlaces::default() }
    }

    /// Where values were looked for.
    pub fn places(&self) -> &SecretPlaces {
        &self.places
    }

    /// The real values of those secrets that have one; an empty one is none. `span` stands for where they come from.
    ///
    /// # Errors
    /// When a file that a value stands in cannot be read.
    pub fn values(&self, names: &[&str], span: Span) -> Result<Vec<GivenSecret>, Refusal> {
        let mut values = Vec::new();
        for name in names {
            if let Some(value) = self.value(name)? {
                values.push(GivenSecret { name: name.to_string(), value, span });
            }
        }
        Ok(values)
    }

    /// The real value of one secret; an empty one is none.
    ///
    /// # Errors
    /// When a file that the value stands in cannot be read.
    pub fn value(&self, name: &str) -> Result<Option<TaintedText>, Refusal> {
        let variable = self.places.variable(name);
        if let Some(value) = from_environment(&variable)? {
            return Ok(Some(TaintedText::secret(value.as_str())));
        }
        if let Some(variable) = self.places.variable_of_a_file(name)
            && let Some(path) = from_environment(&variable)?
        {
            // What the variable holds is not told: it may be the secret itself, put there by mistake.
            let file = format!("the file that the environment variable `{variable}` names");
            let value = from_file(Path::new(path.as_str())).map_err(|why| format!("{file} {why}"))?;
            if !value.is_empty() {
                return Ok(Some(value));
            }
        }
        let value = match self.written.get(name) {
            None => return Ok(None),
            Some(Written::Value(value)) => value.clone(),
            Some(Written::File(path)) => {
                let file = format!("the file that the secrets file names for `{name}`");
                from_file(&self.folder.join(path)).map_err(|why| format!("{file} {why}"))?
            }
        };
        Ok(Some(value).filter(|value| !value.is_empty()))
    }
}

/// A variable that is empty counts as absent: that is how build servers hand over a secret that they do not have.
pub fn from_environment(variable: &str) -> Result<Option<Zeroizing<String>>, Refusal> {
    match std::env::var_os(variable).map(std::ffi::OsString::into_string) {
        None => Ok(None),
        Some(Ok(value)) => Ok(Some(Zeroizing::new(value)).filter(|value| !value.is_empty())),
        Some(Err(_)) => Err(format!("the environment variable `{variable}` is not UTF-8").into()),
    }
}

/// What a file holds, without the line break at its end; bytes that are no text travel as Base64, as a certificate does on the
/// platform.
fn from_file(path: &Path) -> Result<TaintedText, String> {
    let bytes = read_file(path, MAX_FILE_BYTES)?.ok_or("does not exist")?;
    match std::str::from_utf8(&bytes) {
        Ok(text) => {
            let line = text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
            Ok(TaintedText::secret(line))
        }
        Err(_) => Ok(TaintedText::secret(STANDARD.encode(&*bytes))),
    }
}

/// The secrets file's text; `None` when there is none.
fn read_private(path: &Path) -> Result<Option<Zeroizing<String>>, String> {
    let Some(file) = open(path)? else { return Ok(None) };
    // Of the file that was opened, so that nobody can put another in its place meanwhile.
    refuse_if_shared(&file, path)?;
    let bytes = read_all(file, MAX_SECRETS_BYTES)?;
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Some(Zeroizing::new(text.to_string()))),
        Err(_) => Err("is not UTF-8".into()),
    }
}

#[cfg(unix)]
fn refuse_if_shared(file: &File, path: &Path) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt;
    const OF_OTHERS: u32 = 0o077;
    let mode = file.metadata().map_err(|error| format!("cannot be read: {error}"))?.mode();
    if mode & OF_OTHERS == 0 {
        return Ok(());
    }
    let mode = mode & 0o777;
    Err(format!("is open to other users (its mode is {mode:03o}), so it is not read: run `chmod 600 {}`", path.display()))
}

#[cfg(not(unix))]
fn refuse_if_shared(_: &File, _: &Path) -> Result<(), String> {
    Ok(())
}

fn read_file(path: &Path, limit: u64) -> Result<Option<Zeroizing<Vec<u8>>>, String> {
    open(path)?.map(|file| read_all(file, limit)).transpose()
}

/// Opens a file; `None` when there is none.
fn open(path: &Path) -> Result<Option<File>, String> {
    let failed = |error: std::io::Error| format!("cannot be read: {error}");
    match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
        Ok(about) if about.is_dir() => return Err("is a folder, not a file".into()),
        // Opening a pipe would wait for its writer.
        Ok(about) if !about.is_file() => return Err("is not a file".into()),
        Ok(_) => {}
    }
    File::open(path).map(Some).map_err(failed)
}

/// The values by name. No message quotes the file.
fn parse(text: &str) -> Result<BTreeMap<String, Written>, String> {
    let table: toml::Table = toml::from_str(text).map_err(|error| {
        let line = error.span().and_then(|span| text.get(..span.start)).map(|before| before.matches('\n').count() + 1);
        let place = line.map_or(String::new(), |line| format!(": line {line} cannot be read"));
        format!("is not TOML{place}; it holds lines like `name = \"value\"`")
    })?;
    table.into_iter().map(|(name, value)| Ok((name.clone(), written(&name, value)?))).collect()
}

fn written(name: &str, value: toml::Value) -> Result<Written, String> {
    let wrong =
        || format!("holds a wrong value for `{name}`: it must be text, `{{ file = \"…\" }}` or `{{ base64 = \"…\" }}`");
    match value {
        toml::Value::String(text) => Ok(Written::Value(wiped(text))),
        toml::Value::Integer(number) => Ok(Written::Value(TaintedText::secret(number.to_string()))),
        toml::Value::Table(mut table) if table.len() == 1 => match (table.remove("file"), table.remove("base64")) {
            (Some(toml::Value::String(path)), None) if !path.is_empty() => Ok(Written::File(path.into())),
            (None, Some(toml::Value::String(text))) => from_base64(text).map(Written::Value).ok_or_else(wrong),
            _ => Err(wrong()),
        },
        _ => Err(wrong()),
    }
}

/// The text that the bytes are, else the Base64 itself.
fn from_base64(mut written: String) -> Option<TaintedText> {
    let bytes = STANDARD.decode(written.as_bytes()).map(Zeroizing::new).ok();
    let value = bytes.map(|bytes| match std::str::from_utf8(&bytes) {
        Ok(text) => TaintedText::secret(text),
        Err(_) => TaintedText::secret(written.as_str()),
    });
    written.zeroize();
    value
}

/// The text as a secret, which is all that is left of it.
fn wiped(mut text: String) -> TaintedText {
    let value = TaintedText::secret(text.as_str());
    text.zeroize();
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(written: &str) -> Result<String, String> {
        parse(&format!("a = {written}")).map(|values| match &values["a"] {
            Written::Value(value) => value.reveal().to_string(),
            Written::File(path) => format!("file {}", path.display()),
        })
    }

    #[test]
    fn values_of_the_secrets_file() {
        assert_eq!(value("\"k-12345\"").as_deref(), Ok("k-12345"));
        assert_eq!(value("12345").as_deref(), Ok("12345"));
        assert_eq!(value("{ file = \"client.p12\" }").as_deref(), Ok("file client.p12"));
        assert_eq!(value("{ base64 = \"a2V5\" }").as_deref(), Ok("key"));
        assert_eq!(value("{ base64 = \"//79\" }").as_deref(), Ok("//79"), "bytes that are no text stay Base64");
        for wrong in
            ["true", "1.5", "[]", "{}", "{ path = \"k-12345\" }", "{ base64 = \"%\" }", "{ file = 1 }", "{ file = \"\" }"]
        {
            let why = value(wrong).expect_err(wrong);
            assert!(why.contains("`a`") && !why.contains("k-12345"), "{why}");
        }
    }

    #[test]
    fn what_is_not_toml_is_not_quoted() {
        let why = parse("a = \"x\"\nb = k-12345\n").expect_err("not TOML");
        assert!(why.contains("line 2") && !why.contains("k-12345"), "{why}");
        let shown = format!("{:?}", parse("a = \"k-12345\"").expect("TOML"));
        assert!(!shown.contains("k-12345"), "{shown}");
    }
}
