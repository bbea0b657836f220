//! Plain data of Stance: the words that every other crate speaks.
//!
//! No I/O but the bounded readers in [`bounded`], no clock but the one in [`clock`], no SQL, no HTTP.

pub mod asset;
pub mod bounded;
pub mod clock;
pub mod coverage;
pub mod evidence;
pub mod exception;
pub mod finding;
pub mod ids;
pub mod operation;
pub mod outcome;
pub mod provider;
pub mod query;
pub mod reason;
pub mod record;
pub mod risk;
pub mod secret;
pub mod standard;
pub mod status;
pub mod text;
pub mod view;

pub use asset::{Asset, Origin};
pub use clock::Clock;
pub use coverage::{Coverage, CoverageStatus};
pub use evidence::{Evidence, EvidenceItem, FactLine};
pub use finding::{FINDINGS, Finding, Findings};
pub use ids::{AssetType, CheckId, TenantId};
pub use outcome::Outcome;
pub use provider::Provider;
pub use reason::{Reason, ReasonKind};
pub use record::Record;
pub use risk::RiskLevel;
pub use standard::StandardType;
pub use status::{CheckStatus, ResultStatus};
pub use text::{Lang, Text};
