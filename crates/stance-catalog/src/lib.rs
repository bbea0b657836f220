//! The catalogue of checks and standards: load, lint with spans, index, embed.
