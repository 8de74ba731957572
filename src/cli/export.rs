//! `hookwright export`: the mock for other programs.
#![allow(clippy::disallowed_methods, reason = "what is exported is written where the user says")]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use hookwright::mock::derive::Site;
use hookwright::report::exports::{self, Note, WireMock};
use serde_json::json;

use super::mock::specs;
use super::output::{note, pretty, print};
use super::project::Project;
use super::{Ending, Refusal};

#[derive(Args, Debug)]
pub struct Export {
    #[command(subcommand)]
    format: Format,
}

#[derive(Subcommand, Debug)]
enum Format {
    /// WireMock stub mappings that answer as `hookwright mock` does
    #[command(after_help = "\
Examples:
  hookwright export wiremock | curl --data-binary @- http://localhost:8080/__admin/mappings/import
  hookwright export wiremock --output wiremock && java -jar wiremock-standalone.jar --root-dir wiremock

In a folder, `mappings/hookwright` and `__files/hookwright` are replaced as a whole; what stands beside them stays.")]
    Wiremock(ToWireMock),
    /// An OpenAPI 3.1 description of what the mock serves
    #[command(after_help = "\
Examples:
  hookwright export openapi > openapi.json
  hookwright export openapi --server https://mock.example.com --output openapi.json")]
    Openapi(ToOpenApi),
}

#[derive(Args, Debug)]
struct ToWireMock {
    /// Specs, folders or globs; none means the manifest's folders
    paths: Vec<String>,
    /// A folder for WireMock's `--root-dir`; `-` writes one document to standard output
    #[arg(long, value_name = "FOLDER", default_value = "-")]
    output: PathBuf,
}

#[derive(Args, Debug)]
struct ToOpenApi {
    /// Specs, folders or globs; none means the manifest's folders
    paths: Vec<String>,
    /// A file; `-` writes to standard output
    #[arg(long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    /// Where the mock is reached
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080", value_parser = server)]
    server: String,
}

/// An address that paths can be put behind.
fn server(text: &str) -> Result<String, String> {
    let url = url::Url::parse(text).map_err(|error| error.to_string())?;
    match url.host_str() {
        Some(_) if ["http", "https"].contains(&url.scheme()) => Ok(text.trim_end_matches('/').to_string()),
        _ => Err("an address begins with `http://` or `https://` and a host".to_string()),
    }
}

pub fn run(export: &Export) -> Result<Ending, Refusal> {
    match &export.format {
        Format::Wiremock(wiremock) => to_wiremock(wiremock),
        Format::Openapi(openapi) => to_openapi(openapi),
    }
}

fn site(paths: &[String]) -> Result<Site, Refusal> {
    let site = Site::new(specs(&Project::open()?, paths)?);
    match site.actions.is_empty() {
        true => Err("there is nothing to export: no spec has an action that can run".into()),
        false => Ok(site),
    }
}

fn to_wiremock(wiremock: &ToWireMock) -> Result<Ending, Refusal> {
    let is_printed = wiremock.output == Path::new("-");
    let stubs = exports::wiremock(&site(&wiremock.paths)?, !is_printed);
    match is_printed {
        true => print(&pretty(&stubs.document())),
        false => write_folder(&stubs, &wiremock.output).map_err(|error| unwritable(&wiremock.output, &error))?,
    }
    tell(&stubs.notes);
    Ok(Ending::Well)
}

fn to_openapi(openapi: &ToOpenApi) -> Result<Ending, Refusal> {
    let (document, notes) = exports::openapi(&site(&openapi.paths)?, &openapi.server);
    let text = pretty(&document);
    match openapi.output == Path::new("-") {
        true => print(&text),
        false => fs::write(&openapi.output, text).map_err(|error| unwritable(&openapi.output, &error))?,
    }
    tell(&notes);
    Ok(Ending::Well)
}

fn unwritable(path: &Path, error: &io::Error) -> Refusal {
    format!("`{}` cannot be written: {error}", path.display()).into()
}

/// Each thing once, with the specs that it is about.
fn tell(notes: &[Note]) {
    const MOST_NAMED: usize = 3;
    let mut told: Vec<(&str, Vec<String>)> = Vec::new();
    for Note { file, text } in notes {
        let file = format!("`{file}`");
        match told.iter_mut().find(|(known, _)| known == text) {
            Some((_, files)) => files.push(file),
            None => told.push((text, vec![file])),
        }
    }
    for (text, files) in told {
        let more = files.len().saturating_sub(MOST_NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        note(&format!("{}{more}: {text}", files[..files.len().min(MOST_NAMED)].join(", ")));
    }
}

/// What an earlier export left is taken away: its stubs would go on answering.
fn write_folder(stubs: &WireMock, folder: &Path) -> io::Result<()> {
    for kind in ["mappings", "__files"] {
        match fs::remove_dir_all(folder.join(kind).join(exports::FOLDER)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::create_dir_all(folder.join(kind))?,
        }
    }
    for file in &stubs.files {
        let text = pretty(&json!({"mappings": file.mappings}));
        write_file(&folder.join("mappings").join(&file.name), text.as_bytes())?;
    }
    for body in &stubs.bodies {
        write_file(&folder.join("__files").join(&body.name), &body.bytes)?;
    }
    Ok(())
}

fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, bytes)
}
