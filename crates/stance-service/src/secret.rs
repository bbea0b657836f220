//! Secrets: in memory a type that does not print, in the store sealed with the server's key.

use std::fmt;
use std::io::{self, Write};
use std::path::Path;

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{Aead, KeyInit, Nonce};
use stance_model::bounded;

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 12;

/// Something that must not be seen. Its debug text hides it.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Wraps a secret.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The secret itself.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The server's key, with which access key secrets are sealed: AES-256-GCM, a random nonce before each text. HMAC
/// signatures need the secret itself, so a hash would not do.
#[derive(Clone)]
pub struct SealingKey(Secret);

/// Why a secret or the server's key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The key file cannot be read or made.
    #[error("the key file `{path}` cannot be used: {source}")]
    KeyFile {
        /// The file.
        path: String,
        /// What the file system says.
        source: io::Error,
    },
    /// The key file does not hold a key.
    #[error(
        "the key file `{path}` does not hold a key: 64 hexadecimal digits; restore it from your backup"
    )]
    NotAKey {
        /// The file.
        path: String,
    },
    /// A stored secret was sealed with another key.
    #[error(
        "a stored secret was sealed with another key; restore the key file, or make new access keys"
    )]
    WrongKey,
    /// The cipher refused.
    #[error("the secret could not be sealed; it may be too long")]
    Cipher,
    /// The machine gives no random bytes.
    #[error("the machine gives no random bytes: {0}")]
    Random(String),
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey(…)")
    }
}

impl SealingKey {
    /// Reads the key file, or makes one (readable by its owner only) where there is none.
    ///
    /// # Errors
    /// [`SecretError::KeyFile`] and [`SecretError::NotAKey`].
    pub fn open(path: &Path) -> Result<Self, SecretError> {
        let name = || path.display().to_string();
        let error = |source| SecretError::KeyFile {
            path: name(),
            source,
        };
        match create(path) {
            Ok(key) => return Ok(Self(Secret::new(key?))),
            // It is there, or another process was first: its key counts.
            Err(exists) if exists.kind() == io::ErrorKind::AlreadyExists => {}
            Err(other) => return Err(error(other)),
        }
        let text = bounded::read_text(path, 1_024).map_err(error)?;
        Self::from_hex(text.trim()).ok_or_else(|| SecretError::NotAKey { path: name() })
    }

    fn from_hex(text: &str) -> Option<Self> {
        let key = hex::decode(text).ok()?;
        (key.len() == KEY_BYTES).then(|| Self(Secret::new(key)))
    }

    /// Seals a secret for `owner`, whom it cannot be moved away from.
    ///
    /// # Errors
    /// [`SecretError::Random`].
    pub fn seal(&self, owner: &str, secret: &Secret) -> Result<Vec<u8>, SecretError> {
        let nonce = random(NONCE_BYTES)?;
        let sealed = self.apply(&nonce, |cipher, nonce| {
            cipher
                .encrypt(nonce, payload(owner, secret.as_bytes()))
                .ok()
        });
        let mut text = nonce;
        text.extend(sealed.ok_or(SecretError::Cipher)?);
        Ok(text)
    }

    /// Opens what was sealed for `owner`.
    ///
    /// # Errors
    /// [`SecretError::WrongKey`].
    pub fn unseal(&self, owner: &str, sealed: &[u8]) -> Result<Secret, SecretError> {
        let (nonce, text) = sealed
            .split_at_checked(NONCE_BYTES)
            .ok_or(SecretError::WrongKey)?;
        self.apply(nonce, |cipher, nonce| {
            cipher.decrypt(nonce, payload(owner, text)).ok()
        })
        .map(Secret::new)
        .ok_or(SecretError::WrongKey)
    }

    fn apply(
        &self,
        nonce: &[u8],
        work: impl FnOnce(&Aes256Gcm, &Nonce<Aes256Gcm>) -> Option<Vec<u8>>,
    ) -> Option<Vec<u8>> {
        let cipher = Aes256Gcm::new_from_slice(self.0.as_bytes()).ok()?;
        let nonce = Nonce::<Aes256Gcm>::try_from(nonce).ok()?;
        work(&cipher, &nonce)
    }
}

fn payload<'p>(owner: &'p str, text: &'p [u8]) -> aes_gcm::aead::Payload<'p, 'p> {
    aes_gcm::aead::Payload {
        msg: text,
        aad: owner.as_bytes(),
    }
}

/// Random bytes from the machine.
pub(crate) fn random(count: usize) -> Result<Vec<u8>, SecretError> {
    let mut bytes = vec![0; count];
    getrandom::fill(&mut bytes).map_err(|error| SecretError::Random(error.to_string()))?;
    Ok(bytes)
}

/// Makes the file with a new key at once, readable by its owner only, so that nobody ever reads half a key.
fn create(path: &Path) -> io::Result<Result<Vec<u8>, SecretError>> {
    if path.try_exists()? {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let key = match random(KEY_BYTES) {
        Ok(key) => key,
        Err(error) => return Ok(Err(error)),
    };
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(hex::encode(&key).as_bytes())?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
    Ok(Ok(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_only_for_its_owner_and_with_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let key = SealingKey::open(&folder.path().join("key")).unwrap();
        let again = SealingKey::open(&folder.path().join("key")).unwrap();
        let other = SealingKey::open(&folder.path().join("other")).unwrap();
        let secret = Secret::new(b"hush".to_vec());
        let sealed = key.seal("LTAI1", &secret).unwrap();
        assert_eq!(again.unseal("LTAI1", &sealed).unwrap().as_bytes(), b"hush");
        assert!(again.unseal("LTAI2", &sealed).is_err());
        assert!(other.unseal("LTAI1", &sealed).is_err());
        assert_eq!(format!("{secret:?}{key:?}"), "Secret(…)SealingKey(…)");
    }
}
