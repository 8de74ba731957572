//! Why a certificate cannot be used.

use std::fmt;

/// What is wrong, for those who decide by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    Empty,
    Unreadable,
    TooLarge,
    TooCostly,
    PasswordMissing,
    PasswordWrong,
    Unsupported,
    CertificateMissing,
    KeyMissing,
    SeveralKeys,
    KeyDoesNotFit,
    ChainIncomplete,
    Expired,
    NotYetValid,
    AuthorityUnreadable,
}

/// Why a certificate cannot be used, in a user's words. Neither a key nor a password stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    pub problem: Problem,
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Invalid {
    pub(crate) fn new(problem: Problem, message: impl Into<String>) -> Invalid {
        Invalid { problem, message: message.into(), help: None }
    }

    pub(super) fn help(self, help: impl Into<String>) -> Invalid {
        Invalid { help: Some(help.into()), ..self }
    }

    pub(super) fn unreadable(message: impl Into<String>) -> Invalid {
        Invalid::new(Problem::Unreadable, message)
    }

    /// Something encrypted that the password does not open. An empty password is none.
    pub(super) fn password(password: &str) -> Invalid {
        if password.is_empty() {
            return Invalid::new(Problem::PasswordMissing, "the certificate is encrypted, and its password is empty");
        }
        Invalid::new(Problem::PasswordWrong, "the password does not open the certificate")
            .help("if it is the right one, the file is damaged")
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(formatter, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Invalid {}
