//! Container images, containers and folders as file trees, and what is found in them.
//!
//! A source (registry, layout, archive, folder, container) gives layers; layers are streamed once into a [`Root`], the
//! merged tree that keeps only what readers ask for; secrets are looked for in every byte on the way. Readers turn files
//! into facts; the result is an asset document like any other.
//!
//! Everything here is hostile: bounded in size, count, depth and time, and nothing is ever written.

mod cache;
mod container;
mod error;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod image;
mod layer;
mod limits;
mod password;
mod read;
mod reference;
mod registry;
mod root;
mod scan;
mod secret;
mod source;

pub use cache::LayerCache;
pub use container::{ContainerPaths, Runtime};
pub use error::{ScanError, ScanErrorKind};
pub use limits::Limits;
pub use password::PasswordOptions;
pub use read::{
    ExampleFile, Fact, FactReader, READERS, ReadContext, SEES, facts_of_files, read_all,
};
pub use reference::{ImageRef, Reference, ReferenceError};
pub use registry::{CredentialFiles, Credentials, RegistryOptions, Secret};
pub use root::{Content, Entry, FileRef, Kind, Layer, Lookup, Place, Root, RootBuilder};
pub use scan::{LayerProgress, Options, scan};
pub use secret::{SecretHit, SecretRuleError, SecretScanner, SecretStream};
