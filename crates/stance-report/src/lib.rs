//! Reports: table, JSON, CSV, SARIF, OCSF, JUnit, HTML; one file each.
