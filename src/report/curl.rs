//! A request as a command line for curl.

use super::masked::ShownRequest;

/// The command that sends the request, for POSIX shells, with a line end.
pub fn curl(request: &ShownRequest) -> String {
    let mut text = head(request);
    if let Some(body) = &request.body {
        text.push_str(&typed(request));
        text.push_str(&format!(" \\\n  --data-raw {}", shell_quoted(body)));
    }
    text.push('\n');
    text
}

/// The same with a body that is no text.
pub fn curl_with_bytes(request: &ShownRequest, base64: &str) -> String {
    let (head, typed) = (head(request), typed(request));
    format!("printf %s {} | base64 --decode | {head}{typed} \\\n  --data-binary @-\n", shell_quoted(base64))
}

fn head(request: &ShownRequest) -> String {
    // Brackets and braces stand for several URLs otherwise.
    let option = if request.url.contains(['[', ']', '{', '}']) { "--globoff " } else { "" };
    // With another name for the method curl would wait for the body that HEAD never has.
    let method = if request.method == "HEAD" { "--head".to_string() } else { format!("-X {}", request.method) };
    let mut text = format!("curl {option}{method} {}", shell_quoted(&request.url));
    for (name, value) in &request.headers {
        // With a colon and no value curl would leave the header out.
        let header = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
        text.push_str(&format!(" \\\n  -H {}", shell_quoted(&header)));
    }
    text
}

/// Curl adds a Content-Type for a form where there is none.
fn typed(request: &ShownRequest) -> String {
    let is_typed = request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    if is_typed { String::new() } else { " \\\n  -H 'Content-Type:'".to_string() }
}

/// In single quotes, as POSIX shells read them.
fn shell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(url: &str, headers: &[(&str, &str)], body: Option<&str>) -> ShownRequest {
        let headers = headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        ShownRequest { method: "POST".into(), url: url.into(), headers, body: body.map(str::to_string) }
    }

    #[test]
    fn curl_adds_no_content_type_of_its_own() {
        let text = curl(&shown("https://a.example/", &[], Some("it's <a/>")));
        assert_eq!(text, "curl -X POST 'https://a.example/' \\\n  -H 'Content-Type:' \\\n  --data-raw 'it'\\''s <a/>'\n");
        let text = curl(&shown("https://a.example/", &[("content-type", "application/xml")], Some("<a/>")));
        assert!(!text.contains("Content-Type:"), "{text}");
        let text = curl(&shown("https://a.example/", &[], None));
        assert_eq!(text, "curl -X POST 'https://a.example/'\n");
    }

    #[test]
    fn curl_takes_brackets_in_a_url_as_they_are() {
        let text = curl(&shown("https://a.example/[1]", &[], None));
        assert_eq!(text, "curl --globoff -X POST 'https://a.example/[1]'\n");
    }
}
