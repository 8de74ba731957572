//! `send --save`: the exchange as a new case of its spec.
#![allow(clippy::disallowed_methods, reason = "writes the body of a reply beside the spec, never over a file that is there")]

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use hookwright::case::{Answer, Case, Fault, Reply, Spec, slug};
use hookwright::dialect;
use hookwright::eval::{ErrorKind, Exchange, Failure, SecretValues};
use hookwright::plan::{AttributeName, Plan};
use hookwright::report::decoded;
use hookwright::run::is_framing;
use hookwright::source::MAX_FILE_BYTES;
use hookwright::spec::new_case::{self, NewAnswer, NewBody, NewCase};
use hookwright::spec::{Environment, Table, toml_text};
use hookwright::suite::failures;
use hookwright::suite::snapshot::Policy;
use hookwright::value::{Json, Map};

use super::Refusal;
use super::differing::{differing, of_the_reply};
use super::project::Project;
use super::rewrite::{Alone, inside, rewrite_alone};

/// The folder beside a spec for bodies that do not stand in it.
const REPLIES: &str = "replies";

/// A case that is to be written, looked at before anything is sent.
pub struct Keeping<'a> {
    project: &'a Project,
    spec: &'a Spec,
    name: &'a str,
    slug: String,
    /// The spec as it is.
    text: String,
    table: Table,
}

/// A body that stands in a file of its own: the file beside the spec, and what it holds.
type NewFile = Option<(String, Vec<u8>)>;

/// What of the defaults lies beneath a reply that is written.
#[derive(Clone, Copy)]
struct Over {
    a_reply: bool,
    /// One that uses values of the request.
    a_template: bool,
}

/// What was given, and what came of it.
pub struct Kept<'a> {
    pub plan: &'a Plan,
    pub case: &'a Case,
    /// The case that the defaults alone make: what it gives need not be written.
    pub defaults: &'a Case,
    pub environment: Option<&'a Environment>,
    pub exchange: &'a Exchange,
}

impl<'a> Keeping<'a> {
    /// # Errors
    /// When a case of this name could not be written.
    pub fn prepare(project: &'a Project, spec: &'a Spec, name: &'a str) -> Result<Keeping<'a>, Refusal> {
        let slug = slug(name);
        let path = &spec.path;
        if slug.is_empty() {
            return Err("`--save` needs a name that is not empty".into());
        }
        if let Some(known) = spec.cases.iter().find(|case| case.slug == slug) {
            return Err(format!("`{path}` has the case `{}` already; `--save` another name", known.name.value).into());
        }
        let snapshot = project.store(Policy::Compare).path(&spec.id, &slug).map_err(|problem| problem.to_string())?;
        if project.root.join(&snapshot).exists() {
            return Err(
                format!("`{snapshot}` is there already; `hookwright review --prune` removes what no case owns").into()
            );
        }
        if dialect::native(path).is_some() {
            let advice = "write a spec with `from` in its `[action]`";
            return Err(format!("`{path}` is the platform's own file, which has no cases; {advice}").into());
        }
        let text = project.sources.file(spec.file).text.clone();
        let table = toml_text::parse(&text, spec.file, &mut Vec::new());
        let keeping = Keeping { project, spec, name, slug, text, table };
        keeping.with(&NewCase { name: name.to_string(), ..NewCase::default() })?;
        keeping.check_replies()?;
        let is_readonly = fs::metadata(project.root.join(path)).is_ok_and(|about| about.permissions().readonly());
        if is_readonly { Err(format!("`{path}` is read-only").into()) } else { Ok(keeping) }
    }

    /// The folder of replies, where there is one, lies in the project.
    fn check_replies(&self) -> Result<(), Refusal> {
        let folder = self.beside(REPLIES);
        if fs::symlink_metadata(&folder).is_err() {
            return Ok(());
        }
        let why = |why: String| Refusal(format!("the folder `{}` {why}", folder.display()));
        inside(&self.project.root, &folder).map(|_| ()).map_err(why)
    }

    fn with(&self, case: &NewCase) -> Result<String, Refusal> {
        new_case::with_case(&self.text, &self.table, case).ok_or_else(|| {
            Refusal(format!("the cases of `{}` stand in a list in brackets; write them as `[[case]]`", self.spec.path))
        })
    }

    /// Writes the case. Gives what the user should know of it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, kept: &Kept<'_>) -> Result<Vec<String>, Refusal> {
        let mut notes = Vec::new();
        let mut masker = Masker { net: kept.exchange.net(), has_masked: false };
        let mut file = None;
        let (answer, token_answer) = self.answers(kept, &mut masker, &mut file)?;
        if answer.is_none() && token_answer.is_none() {
            return Ok(vec![format!("the case `{}` was not written: no reply came", self.name)]);
        }
        let case = NewCase {
            name: self.name.to_string(),
            timezone: (kept.case.timezone != kept.defaults.timezone).then(|| kept.case.timezone.clone()),
            given: given(kept, &mut masker, &mut notes),
            naming: kept.plan.naming,
            secrets: self.secrets(kept),
            expect: masker.entries(differing(&kept.defaults.expect, kept.exchange)),
            token_answer,
            answer,
            ..NewCase::default()
        };
        let saved = self.put(&case, file)?;
        let failing = failures(&of_the_reply(&saved.expect), kept.exchange);
        notes.extend(failing.iter().map(|failed| format!("`[defaults.expect]` makes the case fail: {}", failed.message)));
        let masked = if masker.has_masked { "; the secrets in it are masked" } else { "" };
        notes.insert(0, format!("the case `{}` was written to `{}`{masked}", self.name, self.spec.path));
        Ok(notes)
    }

    /// The secrets that nothing gives a value for tests: neither the manifest, which declares them, nor the defaults.
    fn secrets(&self, kept: &Kept<'_>) -> Vec<String> {
        let mut names = kept.plan.used_secrets();
        names.retain(|name| !self.spec.declared_secrets.iter().any(|known| known == name));
        names.retain(|name| kept.defaults.given.secret(name).is_none());
        names.into_iter().map(str::to_string).collect()
    }

    /// What came from the service, or from the token endpoint when that is where it ended.
    fn answers(
        &self,
        kept: &Kept<'_>,
        masker: &mut Masker,
        file: &mut NewFile,
    ) -> Result<(Option<NewAnswer>, Option<NewAnswer>), Refusal> {
        let exchange = kept.exchange;
        if let Some(reply) = &exchange.reply {
            let over = Over {
                a_reply: !matches!(kept.defaults.answer, Answer::Unspecified),
                a_template: kept.defaults.reply_template.is_some(),
            };
            return Ok((Some(self.answer(reply, over, masker, file)?), None));
        }
        if let Some(fault) = exchange.error.as_ref().and_then(fault) {
            return Ok((Some(NewAnswer::Fault(fault)), None));
        }
        match exchange.token.as_ref().and_then(|token| token.reply.as_ref()) {
            Some(reply) => {
                let over = Over { a_reply: kept.defaults.token_answer.is_some(), a_template: false };
                Ok((None, Some(self.answer(reply, over, masker, file)?)))
            }
            None => Ok((None, None)),
        }
    }

    /// A reply as it is written. `file` gets what belongs into a file of its own.
    fn answer(&self, reply: &Reply, over: Over, masker: &mut Masker, file: &mut NewFile) -> Result<NewAnswer, Refusal> {
        if !(200..600).contains(&reply.status) {
            return Err(format!("a reply with the status {} cannot be written as a case", reply.status).into());
        }
        let Reply { status, headers, body: bytes, .. } = masker.reply(reply);
        let body = match NewBody::of(&bytes) {
            Some(body) => body,
            None if bytes.len() as u64 > MAX_FILE_BYTES => {
                return Err(format!("a reply of {} bytes is too large for a case", bytes.len()).into());
            }
            None => {
                let beside = self.free_name(reply);
                *file = Some((beside.clone(), bytes.clone()));
                NewBody::File(beside)
            }
        };
        let headers = new_case::kept_headers(&headers, &body, &bytes);
        Ok(NewAnswer::Reply { status, headers, body, over_defaults: over.a_reply, over_template: over.a_template })
    }

    /// A file beside the spec that is not there: `replies/open_ticket-refused.json`.
    fn free_name(&self, reply: &Reply) -> String {
        const LONGEST: usize = 60;
        let stem = self.spec.id.rsplit('/').next().unwrap_or_default();
        let slug: String = self.slug.chars().take(LONGEST).collect();
        let extension = extension(reply);
        let numbered = |number: usize| match number {
            1 => format!("{REPLIES}/{stem}-{slug}.{extension}"),
            _ => format!("{REPLIES}/{stem}-{slug}-{number}.{extension}"),
        };
        (1..).map(numbered).find(|file| !self.beside(file).exists()).unwrap_or_default()
    }

    fn beside(&self, file: &str) -> std::path::PathBuf {
        let spec = self.project.root.join(&self.spec.path);
        spec.parent().unwrap_or(Path::new("")).join(file)
    }

    /// Puts the case into the spec as it is by now: another exchange may have been written since it was read. Gives what it
    /// has become.
    fn put(&self, case: &NewCase, file: NewFile) -> Result<Case, Refusal> {
        let path = &self.spec.path;
        let alone = Alone::with(&self.project.root, path).map_err(|why| format!("`{path}` {why}"))?;
        let project = Project::open()?;
        let checked = project.check(std::slice::from_ref(path)).whole()?.remove(0);
        Keeping::prepare(&project, &checked.spec, self.name)?.put_alone(&alone, case, file)
    }

    /// Writes the spec, if what comes of it is the spec that was with one more case, and gives that.
    fn put_alone(&self, alone: &Alone, case: &NewCase, file: NewFile) -> Result<Case, Refusal> {
        let path = &self.spec.path;
        let text = self.with(case)?;
        let file = file.map(|(name, bytes)| (self.beside(&name), bytes));
        if let Some((beside, bytes)) = &file {
            create(&self.project.root, beside, bytes).map_err(|why| format!("`{}` {why}", beside.display()))?;
        }
        let put = match self.saved(&text) {
            Some(saved) => rewrite_alone(alone, &self.text, &text).map(|()| saved).map_err(|why| format!("`{path}` {why}")),
            None => Err(format!("the case `{}` cannot be put into `{path}`", self.name)),
        };
        if put.is_err()
            && let Some((beside, _)) = &file
        {
            let _ = fs::remove_file(beside);
        }
        Ok(put?)
    }

    /// The new case, where nothing else of the spec is another.
    fn saved(&self, text: &str) -> Option<Case> {
        let sources = &self.project.sources;
        sources.add(&self.spec.path, text);
        let compiled = dialect::compile(&self.spec.path, &self.project.manifest, sources);
        sources.add(&self.spec.path, self.text.as_str());
        let cases = compiled.ok()?.cases;
        let is_there = |known: &Case| cases.iter().any(|case| case.name.value == known.name.value);
        let is_sound = cases.len() == self.spec.cases.len() + 1 && self.spec.cases.iter().all(is_there);
        cases.into_iter().find(|case| is_sound && case.name.value == self.name)
    }
}

/// The values that the defaults do not give, without those of the environment that was chosen: the case is about the spec.
fn given(kept: &Kept<'_>, masker: &mut Masker, notes: &mut Vec<String>) -> Vec<(AttributeName, Json)> {
    let of_environment = |name: &AttributeName, value: &Json| {
        let global =
            kept.environment.filter(|_| name.context() == "global").and_then(|known| known.global.get(name.attribute()));
        global.is_some_and(|global| global == value)
    };
    let mut given = Vec::new();
    for attribute in kept.case.given.attributes.iter() {
        let (name, value) = (&attribute.name, attribute.value.to_json());
        if kept.defaults.given.attribute(name) == Some(&attribute.value) || of_environment(name, &value) {
            continue;
        }
        if !value.is_null() && !new_case::can_hold(&value) {
            notes.push(format!("the value of `{name}` was left out: it has a null or a number that TOML cannot hold, or is too deep or too large"));
            continue;
        }
        given.push((name.clone(), masker.json(value)));
    }
    given
}

/// The fault that a case writes for a failure.
fn fault(failure: &Failure) -> Option<Fault> {
    match failure.kind {
        ErrorKind::Timeout => Some(Fault::Timeout),
        ErrorKind::ConnectionRefused => Some(Fault::ConnectionRefused),
        ErrorKind::ConnectionReset => Some(Fault::ConnectionReset),
        ErrorKind::MalformedReply => Some(Fault::Malformed),
        ErrorKind::Tls => Some(Fault::Tls),
        _ => None,
    }
}

fn extension(reply: &Reply) -> &'static str {
    let header = reply.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let kind = header.map(|(_, value)| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    match kind.as_deref().unwrap_or_default() {
        kind if kind.ends_with("json") => "json",
        kind if kind.ends_with("xml") => "xml",
        "text/html" => "html",
        kind if kind.starts_with("text/") => "txt",
        _ => "bin",
    }
}

/// Never over a file that is there, nor outside the project.
fn create(root: &Path, path: &Path, bytes: &[u8]) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("cannot be written: {error}");
    let folder = path.parent().ok_or("cannot be written: it is in no folder")?;
    inside(root, folder.parent().unwrap_or(root))?;
    fs::create_dir_all(folder).map_err(failed)?;
    let folder = inside(root, folder)?;
    let file = path.file_name().ok_or("cannot be written: it has no name")?;
    let mut file = OpenOptions::new().write(true).create_new(true).open(folder.join(file)).map_err(failed)?;
    file.write_all(bytes).map_err(failed)
}

/// A Content-Type with UTF-8 for the charset that it names.
fn in_utf_8(content_type: &str, was_another: bool) -> String {
    let is_charset = |parameter: &str| parameter.trim_start().to_ascii_lowercase().starts_with("charset");
    if !was_another || !content_type.split(';').skip(1).any(is_charset) {
        return content_type.to_string();
    }
    let others: Vec<&str> = content_type.split(';').filter(|part| !is_charset(part)).collect();
    format!("{}; charset=utf-8", others.join(";").trim_end())
}

/// Masks what a server has echoed.
struct Masker {
    net: SecretValues,
    has_masked: bool,
}

impl Masker {
    fn text(&mut self, text: &str) -> String {
        if !self.net.stand_in(text) {
            return text.to_string();
        }
        self.has_masked = true;
        self.net.mask(text)
    }

    /// A reply in whose body and headers no secret stands. What is masked is UTF-8 from then on, and says so.
    fn reply(&mut self, reply: &Reply) -> Reply {
        let mut masked = reply.clone();
        // A mask is no header name.
        let is_secret = |name: &str| self.net.stand_in(name) || self.net.stand_in(&name.to_ascii_uppercase());
        let kept = |(name, _): &(String, String)| !is_framing(name) && !is_secret(name);
        masked.headers.retain(kept);
        self.has_masked |= reply.headers.iter().any(|(name, _)| is_secret(name));
        masked.headers.iter_mut().for_each(|(_, value)| *value = self.text(value));
        let (text, charset) = decoded(reply, &self.net);
        if self.net.stand_in(&text) {
            masked.body = self.text(&text).into_bytes();
            let types = masked.headers.iter_mut().filter(|(name, _)| name.eq_ignore_ascii_case("content-type"));
            types.for_each(|(_, value)| *value = in_utf_8(value, charset.is_some()));
        }
        // Escapes hide a secret from a search in the text, and are undone when it is written.
        if let Ok(json) = serde_json::from_slice::<Json>(&masked.body) {
            let shown = self.json(json.clone());
            if shown != json {
                masked.body = shown.to_string().into_bytes();
            }
        }
        masked
    }

    fn json(&mut self, json: Json) -> Json {
        match json {
            Json::String(text) => self.text(&text).into(),
            Json::Number(number) if self.net.stand_in(&number.to_string()) => self.text(&number.to_string()).into(),
            Json::Array(items) => items.into_iter().map(|item| self.json(item)).collect(),
            Json::Object(entries) => Json::Object(self.entries(entries)),
            other => other,
        }
    }

    fn entries(&mut self, entries: Map<String, Json>) -> Map<String, Json> {
        entries.into_iter().map(|(key, value)| (self.text(&key), self.json(value))).collect()
    }
}
