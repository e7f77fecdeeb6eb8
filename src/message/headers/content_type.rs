//! A Content-Type field with parameters added or replaced.

use crate::error::{Error, Result};
use crate::mime::{ContentType, Entity, Field};

/// The entity's Content-Type field, with its line end, with these parameters. What the field says
/// besides stays as it is written, unless a parameter has to be replaced. An entity without a type is
/// text (RFC 2045, 5.2), in UTF-8 if it is not ASCII.
///
/// # Errors
///
/// `malformed/mime` for a field that can't be read: a parameter in it would not be seen.
pub(super) fn with_parameters(entity: &Entity<'_>, parameters: &[(&str, &str)]) -> Result<String> {
    let field = entity.named("Content-Type").next();
    let charset = if entity.body().is_ascii() { "us-ascii" } else { "utf-8" };
    let value = field.map_or_else(|| format!("text/plain; charset={charset}"), Field::unfolded);
    let content_type = ContentType::parse(&value)
        .ok_or(Error::MalformedMime { rule: "the Content-Type can't be read" })?;
    let is_new = |name: &str| parameters.iter().all(|(new, _)| *new != name);
    let mut written = match field {
        Some(field) if content_type.parameters().iter().all(|(name, _)| is_new(name)) => {
            let text = String::from_utf8_lossy(field.raw());
            text.trim_end().trim_end_matches(';').trim_end().to_owned()
        }
        _ => {
            let mut written = format!("Content-Type: {}", content_type.essence());
            for (name, value) in content_type.parameters() {
                if is_new(name) {
                    written += &format!(";\r\n {name}={}", quoted(value));
                }
            }
            written
        }
    };
    for (name, value) in parameters {
        written += &format!(";\r\n {name}={}", quoted(value));
    }
    written += "\r\n";
    Ok(written)
}

/// As a quoted string, unless it is an extended value (RFC 2231), which must not be one.
fn quoted(value: &str) -> String {
    let is_token = |c: char| c.is_ascii_graphic() && !"()<>@,;:\\\"/[]?=".contains(c);
    if value.contains('\'') && !value.is_empty() && value.chars().all(is_token) {
        return value.to_owned();
    }
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    fn written(header: &str, parameters: &[(&str, &str)]) -> Result<String> {
        let entity = Entity::parse(header.as_bytes(), &Limits::default()).unwrap();
        with_parameters(&entity, parameters)
    }

    #[test]
    fn parameters_are_added_or_replaced() {
        assert_eq!(
            written("Content-type: a/b; c=d\n ; e=f; \n\n", &[("hp", "clear")]).unwrap(),
            "Content-type: a/b; c=d\n ; e=f;\r\n hp=\"clear\"\r\n"
        );
        assert_eq!(
            written(
                "Content-Type: A/B; HP=cipher; f*=utf-8''x%20y; g=\"a\\\"b\"\n\n",
                &[("hp", "clear")]
            )
            .unwrap(),
            "Content-Type: a/b;\r\n f*=utf-8''x%20y;\r\n g=\"a\\\"b\";\r\n hp=\"clear\"\r\n"
        );
        assert_eq!(
            written("A: b\n\n", &[("x", "1")]).unwrap(),
            "Content-Type: text/plain;\r\n charset=\"us-ascii\";\r\n x=\"1\"\r\n"
        );
        assert_eq!(written("Content-Type: ?\n\n", &[]).unwrap_err().code(), "malformed/mime");
    }
}
