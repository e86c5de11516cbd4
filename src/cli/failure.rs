//! How a command ends: an exit code, and where it failed one line and perhaps a remedy.

use std::fmt::Display;
use std::process::ExitCode;

/// What the exit code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Done = 0,
    /// Disk, network or a mistake of ours.
    Failed = 1,
    /// The command line must be changed.
    Usage = 2,
    /// Some inputs could not be used; the rest is done.
    Partly = 3,
    /// The input cannot be used.
    Unusable = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command could not do what it was asked.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    message: String,
    remedy: Option<String>,
}

/// What every verb returns.
pub type Outcome = Result<Exit, Failure>;

impl Failure {
    pub fn new(exit: Exit, message: impl Display) -> Self {
        Self { exit, message: one_line(&message.to_string()), remedy: None }
    }

    pub fn failed(message: impl Display) -> Self {
        Self::new(Exit::Failed, message)
    }

    pub fn usage(message: impl Display) -> Self {
        Self::new(Exit::Usage, message)
    }

    pub fn unusable(message: impl Display) -> Self {
        Self::new(Exit::Unusable, message)
    }

    /// What the reader can do about it.
    pub fn remedy(mut self, remedy: impl Display) -> Self {
        self.remedy = Some(one_line(&remedy.to_string()));
        self
    }

    /// The lines for the terminal.
    pub fn lines(&self) -> String {
        match &self.remedy {
            Some(remedy) => format!("error: {}\n  {remedy}\n", self.message),
            None => format!("error: {}\n", self.message),
        }
    }
}

/// The text on one line, without anything a terminal would obey: a file name may hold both.
pub fn one_line(text: &str) -> String {
    let visible: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !turns(*c)).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Characters that reorder the text around them, so that a name could pass for another.
pub fn turns(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_cannot_command_the_terminal() {
        let failure =
            Failure::unusable("no such file: a\u{1b}[2Jb\r\nerror: c\u{202e}d").remedy("x");
        assert_eq!(failure.lines(), "error: no such file: a [2Jb error: cd\n  x\n");
    }
}
