//! Where a database is: reading `sqlite://FILE` and `postgres://…`.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use sqlx::ConnectOptions;
use sqlx::any::AnyConnectOptions;

use crate::dialect::Dialect;
use crate::error::{StoreError, words};

/// Where a database is, and how to show that without its password.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) dialect: Dialect,
    pub(crate) options: AnyConnectOptions,
    shown: String,
    secret: Option<String>,
}

impl Place {
    /// Reads the URL. A file of SQLite is created, readable by its owner only, with the folders above it.
    pub(crate) fn find(url: &str) -> Result<Self, StoreError> {
        let (scheme, rest) = url.split_once(':').unwrap_or((url, ""));
        match scheme {
            "sqlite" => Self::sqlite(rest.strip_prefix("//").unwrap_or(rest)),
            "postgres" | "postgresql" => Self::postgres(url),
            _ => Err(StoreError::Unusable {
                url: format!("{}…", scheme.chars().take(16).collect::<String>()),
                why: "its URL must be `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/DATABASE`"
                    .to_owned(),
            }),
        }
    }

    /// The error that this database cannot be used.
    pub(crate) fn unusable(&self, why: impl Into<String>) -> StoreError {
        let mut why = why.into();
        if let Some(secret) = &self.secret {
            why = why.replace(secret, "***");
        }
        StoreError::Unusable {
            url: self.shown.clone(),
            why,
        }
    }

    fn sqlite(file: &str) -> Result<Self, StoreError> {
        let shown = format!("sqlite://{file}");
        let unusable = |why: String| StoreError::Unusable {
            url: shown.clone(),
            why,
        };
        if file.is_empty() || file.starts_with(":memory:") || file.contains('?') {
            return Err(unusable(
                "a URL of SQLite names a file, and takes no options".to_owned(),
            ));
        }
        let path = std::path::absolute(file).map_err(|e| unusable(e.to_string()))?;
        create(&path).map_err(|e| unusable(format!("cannot open or create the file: {e}")))?;
        let options = connect_options(&format!("sqlite://{}", escaped(&path))).map_err(unusable)?;
        Ok(Self {
            dialect: Dialect::Sqlite,
            options,
            shown,
            secret: None,
        })
    }

    fn postgres(url: &str) -> Result<Self, StoreError> {
        let hidden = |why: String| StoreError::Unusable {
            url: "postgres://…".to_owned(),
            why,
        };
        let options = connect_options(url).map_err(hidden)?;
        let mut shown = options.database_url.clone();
        let secret = shown
            .password()
            .filter(|p| !p.is_empty())
            .map(str::to_owned);
        // The query may hold a password as well.
        shown.set_query(None);
        let _ = shown.set_password(None);
        Ok(Self {
            dialect: Dialect::Postgres,
            options,
            shown: shown.to_string(),
            secret,
        })
    }
}

fn connect_options(url: &str) -> Result<AnyConnectOptions, String> {
    // Statements of our own are logged by nobody: they are many, and their text says nothing of what was asked.
    AnyConnectOptions::from_str(url)
        .map(ConnectOptions::disable_statement_logging)
        .map_err(|e| words(&e))
}

/// The path in a form that survives the driver's reading of it.
fn escaped(path: &Path) -> String {
    let mut text = String::new();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'~' => {
                text.push(char::from(*byte));
            }
            other => text.push_str(&format!("%{other:02X}")),
        }
    }
    text
}

/// Creates the file if there is none. SQLite gives the files beside it the same mode.
fn create(path: &Path) -> std::io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    let mut folder = std::fs::DirBuilder::new();
    let mut file = OpenOptions::new();
    #[cfg(unix)]
    {
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    }
    folder
        .recursive(true)
        .create(path.parent().map(PathBuf::from).unwrap_or_default())?;
    file.create(true).append(true).open(path).map(drop)
}
