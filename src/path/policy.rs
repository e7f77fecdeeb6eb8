//! The policies that hold along a path: RFC 5280, 6.1 with the policy graph of RFC 9618 in place of the
//! policy tree, which grows without bounds. The graph has one node for each policy and depth.

use std::collections::{BTreeMap, BTreeSet};

use der::asn1::ObjectIdentifier;

use crate::asn1::oids::ANY_POLICY;
use crate::cert::Policies;

/// What is asked about policies (RFC 5280, 6.1.1 (c), (e), (f), (g)). By default nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PolicyInputs<'a> {
    /// user-initial-policy-set: the policies that are acceptable; `None` is any-policy.
    pub acceptable: Option<&'a [ObjectIdentifier]>,
    /// initial-explicit-policy: the path has to be good for one of these.
    pub require_explicit: bool,
    /// initial-policy-mapping-inhibit
    pub inhibit_mapping: bool,
    /// initial-any-policy-inhibit
    pub inhibit_any: bool,
}

/// valid_policy_graph (RFC 9618, 5.1). Nothing is left of it when it is NULL.
pub(super) struct PolicyGraph {
    /// By depth: the anchor's at 0.
    levels: Vec<BTreeMap<ObjectIdentifier, Node>>,
}

struct Node {
    /// Policies of the depth above it comes from.
    parents: BTreeSet<ObjectIdentifier>,
    /// expected_policy_set
    expected: BTreeSet<ObjectIdentifier>,
}

impl Node {
    fn new(parents: BTreeSet<ObjectIdentifier>, policy: ObjectIdentifier) -> Node {
        Node { parents, expected: BTreeSet::from([policy]) }
    }
}

impl PolicyGraph {
    /// 6.1.2 (a): one node for anyPolicy.
    pub(super) fn new() -> PolicyGraph {
        let root = Node::new(BTreeSet::new(), ANY_POLICY);
        PolicyGraph { levels: vec![BTreeMap::from([(ANY_POLICY, root)])] }
    }

    /// Whether it is NULL.
    pub(super) fn is_null(&self) -> bool {
        self.levels.is_empty()
    }

    /// 6.1.3 (d) and (e): the next certificate. `accepts_any` says whether its anyPolicy counts.
    pub(super) fn add(&mut self, policies: &Policies, accepts_any: bool) {
        let Some(policies) = &policies.policies else {
            // (e)
            self.levels.clear();
            return;
        };
        let Some(above) = self.levels.last() else { return };
        // By policy, the nodes above that expect it.
        let mut expecting: BTreeMap<ObjectIdentifier, BTreeSet<ObjectIdentifier>> = BTreeMap::new();
        for (&policy, node) in above {
            for &expected in &node.expected {
                expecting.entry(expected).or_default().insert(policy);
            }
        }
        let mut level = BTreeMap::new();
        for &policy in policies.iter().filter(|&&policy| policy != ANY_POLICY) {
            // (d) (1) (i), else (ii)
            if let Some(parents) = expecting.get(&policy) {
                level.insert(policy, Node::new(parents.clone(), policy));
            } else if above.contains_key(&ANY_POLICY) {
                level.insert(policy, Node::new(BTreeSet::from([ANY_POLICY]), policy));
            }
        }
        // (d) (2)
        if accepts_any && policies.contains(&ANY_POLICY) {
            for (policy, parents) in expecting {
                level.entry(policy).or_insert_with(|| Node::new(parents, policy));
            }
        }
        self.levels.push(level);
        // (d) (3)
        self.prune();
    }

    /// 6.1.4 (b): the mappings of an issuer at the last depth; where mapping is inhibited, what would be
    /// mapped goes.
    pub(super) fn map(
        &mut self,
        mappings: &[(ObjectIdentifier, ObjectIdentifier)],
        is_inhibited: bool,
    ) {
        let Some(level) = self.levels.last_mut() else { return };
        let mut by_issuer: BTreeMap<ObjectIdentifier, BTreeSet<ObjectIdentifier>> = BTreeMap::new();
        for &(issuer, subject) in mappings {
            by_issuer.entry(issuer).or_default().insert(subject);
        }
        if is_inhibited {
            // (2)
            level.retain(|policy, _| !by_issuer.contains_key(policy));
            self.prune();
            return;
        }
        // (1)
        let has_any = level.contains_key(&ANY_POLICY);
        for (policy, expected) in by_issuer {
            if let Some(node) = level.get_mut(&policy) {
                node.expected = expected;
            } else if has_any {
                level.insert(policy, Node { parents: BTreeSet::from([ANY_POLICY]), expected });
            }
        }
    }

    /// 6.1.5 (g): the user-constrained policy set. It holds anyPolicy where all policies do.
    pub(super) fn user_constrained(
        &self,
        acceptable: Option<&[ObjectIdentifier]>,
    ) -> Vec<ObjectIdentifier> {
        let Some(last) = self.levels.last() else { return Vec::new() };
        if last.contains_key(&ANY_POLICY) {
            return acceptable.map_or_else(|| vec![ANY_POLICY], <[_]>::to_vec);
        }
        // (2): in the anchor's terms, which are those before any mapping.
        let from_any = BTreeSet::from([ANY_POLICY]);
        let mut constrained = BTreeSet::new();
        for level in &self.levels {
            for (&policy, node) in level {
                if policy != ANY_POLICY && node.parents == from_any {
                    constrained.insert(policy);
                }
            }
        }
        let is_acceptable = |policy: &ObjectIdentifier| {
            acceptable.is_none_or(|acceptable| {
                acceptable.contains(policy) || acceptable.contains(&ANY_POLICY)
            })
        };
        constrained.into_iter().filter(is_acceptable).collect()
    }

    /// Takes out nodes above the last depth that have no children; all of it if nothing is left.
    fn prune(&mut self) {
        let mut parents: Option<BTreeSet<ObjectIdentifier>> = None;
        for level in self.levels.iter_mut().rev() {
            if let Some(parents) = &parents {
                level.retain(|policy, _| parents.contains(policy));
            }
            if level.is_empty() {
                self.levels.clear();
                return;
            }
            let all = level.values().flat_map(|node| node.parents.iter().copied());
            parents = Some(all.collect());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn oid(number: u32) -> ObjectIdentifier {
        format!("1.2.3.{number}").parse().unwrap()
    }

    fn policies(list: impl IntoIterator<Item = ObjectIdentifier>) -> Policies {
        Policies { policies: Some(list.into_iter().collect()), ..Policies::default() }
    }

    #[test]
    fn mapped_policies_are_answered_in_the_terms_of_the_anchor() {
        let mut graph = PolicyGraph::new();
        graph.add(&policies([oid(1)]), true);
        graph.map(&[(oid(1), oid(2)), (oid(1), oid(3))], false);
        graph.add(&policies([oid(3)]), true);
        assert_eq!(graph.user_constrained(None), [oid(1)]);
        assert_eq!(graph.user_constrained(Some(&[oid(3)])), []);
        graph.map(&[(oid(3), oid(4))], true);
        assert!(graph.is_null());
    }

    #[test]
    fn any_policy_stands_for_all_where_it_counts() {
        let mut graph = PolicyGraph::new();
        graph.add(&policies([ANY_POLICY]), true);
        assert_eq!(graph.user_constrained(None), [ANY_POLICY]);
        assert_eq!(graph.user_constrained(Some(&[oid(1)])), [oid(1)]);
        graph.add(&policies([ANY_POLICY]), false);
        assert!(graph.is_null());
    }

    #[test]
    fn a_certificate_without_policies_ends_them() {
        let mut graph = PolicyGraph::new();
        graph.add(&Policies::default(), true);
        assert!(graph.is_null() && graph.user_constrained(None).is_empty());
    }

    /// RFC 9618, 3.2: with a tree, every depth would double the nodes.
    #[test]
    fn mappings_of_all_to_all_do_not_multiply() {
        let mut graph = PolicyGraph::new();
        let all = || (0..50).map(oid);
        let mappings: Vec<_> = all().flat_map(|a| all().map(move |b| (a, b))).collect();
        for _ in 0..10 {
            graph.add(&policies(all()), true);
            graph.map(&mappings, false);
        }
        assert!(graph.levels.iter().all(|level| level.len() <= 50));
        assert_eq!(graph.user_constrained(None).len(), 50);
    }
}
