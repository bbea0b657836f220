//! The only clock.

use jiff::Timestamp;

/// Where time comes from: the machine, or a fixed moment in tests and for reproduction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// Always this moment.
    Fixed(Timestamp),
}

impl Clock {
    /// Now.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the machine's clock"
    )]
    pub fn now(self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Fixed(at) => at,
        }
    }

    /// Now, in milliseconds since 1970.
    #[must_use]
    pub fn now_ms(self) -> i64 {
        self.now().as_millisecond()
    }
}
