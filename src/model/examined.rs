//! The result of one walk through a file.

use super::{Digest, Finding, Found, PartMap, Plan};

/// All that one walk through a file brings: what is removed, what remains, and the copy.
#[derive(Debug)]
pub struct Examined {
    /// All that is removed, and what it gives away.
    pub found: Found,
    /// All that cannot be removed without loss and therefore remains.
    pub residue: Vec<Finding>,
    /// What the cleaned copy consists of. May be empty where `Context::wants_plan` is false.
    pub plan: Plan,
    /// The map of the file. `None` for formats that are rebuilt from their objects.
    pub parts: Option<PartMap>,
    /// `Format::payload_digest`, where the walk computed it anyway.
    pub payload: Option<Digest>,
}

impl Examined {
    /// Of a file whose parts cover it: the copy is what their fates say.
    #[must_use]
    pub fn spliced(found: Found, residue: Vec<Finding>, parts: PartMap) -> Self {
        Self {
            found,
            residue,
            plan: parts.plan(),
            parts: Some(parts),
            payload: None,
        }
    }

    /// Of a file that is rebuilt from its objects.
    #[must_use]
    pub fn rebuilt(found: Found, residue: Vec<Finding>, plan: Plan) -> Self {
        Self {
            found,
            residue,
            plan,
            parts: None,
            payload: None,
        }
    }

    /// Hands what was found over to the file around this one, in which this one is located at `place`.
    /// Returns the copy.
    pub fn told(self, place: &str, found: &mut Found, residue: &mut Vec<Finding>) -> Plan {
        found.merge(place, self.found);
        let mut stays = Found::default();
        stays.merge(
            place,
            Found {
                findings: self.residue,
                ..Found::default()
            },
        );
        residue.extend(stays.findings);
        self.plan
    }
}
