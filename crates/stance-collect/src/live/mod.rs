//! Live accounts: operations of the catalogue → signed calls → assets and coverage.

mod answer;
mod build;
mod caller;
mod credential;
pub mod credentials;
mod failure;
mod job;
mod keys;
mod page;
mod path;
mod rate;
mod request;
mod session;
mod shape;
mod sign;
mod template;
mod transport;
mod xml;

pub use answer::Answer;
pub use credential::Credential;
pub use failure::Failure;
pub use job::Sink;
pub use keys::KeySource;
pub use request::Request;
pub use session::{Account, Options, Plan, Region, Session, Watch};
pub use transport::{Network, Transport};
