//! Places that recur, and ways through several places.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Moment, Stay, Use, Way};
use crate::model::Place;

/// Points that are closer than that to the first of them are one place, in metres.
const NEAR: f64 = 200.0;
/// Minimum number of days on which a place that recurs was visited.
const DAYS: usize = 3;
/// Minimum number of places of a way, all on one day.
const WAY: usize = 4;
/// Degrees of latitude of a cell of the grid; larger than [`NEAR`].
const CELL: f64 = 0.002;

/// One file with a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visit {
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    pub(super) when: Option<Moment>,
}

/// Visits of one place, in the order of time.
struct Cluster {
    at: Visit,
    visits: Vec<Visit>,
}

impl Cluster {
    fn moments(&self) -> impl Iterator<Item = Moment> {
        self.visits.iter().filter_map(|visit| visit.when)
    }

    fn stay(&self) -> Option<Stay> {
        let moments: Vec<Moment> = self.moments().collect();
        let days: BTreeSet<u32> = moments.iter().map(|moment| moment.date).collect();
        if days.len() < DAYS {
            return None;
        }
        let share = |is: fn(Moment) -> bool| moments.iter().filter(|one| is(**one)).count();
        let (rest, work) = (share(Moment::is_at_rest), share(Moment::is_at_work));
        let usage = if rest.saturating_mul(2) > moments.len() {
            Use::Home
        } else if work.saturating_mul(5) >= moments.len().saturating_mul(4) {
            Use::Work
        } else {
            Use::Unknown
        };
        Some(Stay {
            place: Place::new(self.at.latitude, self.at.longitude)?,
            files: self.visits.len(),
            days: days.len(),
            first: *moments.iter().min()?,
            last: *moments.iter().max()?,
            weekdays: moments.iter().map(|moment| moment.weekday).collect(),
            hours: (
                moments.iter().map(|moment| moment.hour).min()?,
                moments.iter().map(|moment| moment.hour).max()?,
            ),
            usage,
        })
    }
}

/// The places that recur, those with most files first, and the longest way of a day.
pub(super) fn places(visits: &[Visit]) -> (Vec<Stay>, Option<Way>) {
    let mut visits = visits.to_vec();
    // The result does not depend on the order in which the files came.
    visits.sort_by(|one, other| {
        (one.when.cmp(&other.when))
            .then(one.latitude.total_cmp(&other.latitude))
            .then(one.longitude.total_cmp(&other.longitude))
    });
    let (clusters, of_visit) = clusters(&visits);
    let mut stays: Vec<Stay> = clusters.iter().filter_map(Cluster::stay).collect();
    stays.sort_by_key(|stay| (std::cmp::Reverse(stay.files), stay.first));
    (stays, way(&visits, &of_visit))
}

/// The clusters, and which of them each visit belongs to.
fn clusters(visits: &[Visit]) -> (Vec<Cluster>, Vec<usize>) {
    let mut clusters: Vec<Cluster> = Vec::new();
    let mut of_visit = Vec::new();
    let mut grid: HashMap<[u64; 2], Vec<usize>> = HashMap::new();
    for visit in visits {
        let own = cell(visit);
        // A degree of longitude is shorter in the north: more cells to look at.
        let shrink = visit.latitude.to_radians().cos().max(0.05);
        let wide = (1.0 / shrink).ceil();
        let near = |at: &usize| {
            let there = clusters.get(*at)?;
            let metres = distance(&there.at, visit);
            (metres <= NEAR).then_some((metres, *at))
        };
        let mut best: Option<(f64, usize)> = None;
        for north in [-1.0, 0.0, 1.0] {
            let mut east = -wide;
            while east <= wide {
                let there = key(own.0 + north, own.1 + east);
                let known = grid.get(&there).into_iter().flatten().filter_map(near);
                best = known.chain(best).min_by(|a, b| a.0.total_cmp(&b.0));
                east += 1.0;
            }
        }
        let at = best.map_or(clusters.len(), |(_, at)| at);
        of_visit.push(at);
        if let Some(cluster) = clusters.get_mut(at) {
            cluster.visits.push(*visit);
            continue;
        }
        grid.entry(key(own.0, own.1)).or_default().push(at);
        clusters.push(Cluster {
            at: *visit,
            visits: vec![*visit],
        });
    }
    (clusters, of_visit)
}

fn cell(visit: &Visit) -> (f64, f64) {
    (
        (visit.latitude / CELL).floor(),
        (visit.longitude / CELL).floor(),
    )
}

/// East of the last cell is the first. Zero has two signs.
fn key(north: f64, east: f64) -> [u64; 2] {
    let east = east.rem_euclid((360.0 / CELL).round());
    [(north + 0.0).to_bits(), (east + 0.0).to_bits()]
}

/// Metres between two points that are not far from each other.
fn distance(one: &Visit, other: &Visit) -> f64 {
    let north = (one.latitude - other.latitude) * Place::DEGREE;
    let shrink = one.latitude.to_radians().cos();
    let mut east = (one.longitude - other.longitude).abs();
    if east > 180.0 {
        east = 360.0 - east;
    }
    north.hypot(east * Place::DEGREE * shrink)
}

/// What was visited on one day.
#[derive(Default)]
struct Day {
    places: BTreeSet<usize>,
    files: usize,
    before: Option<Visit>,
    metres: f64,
}

/// The day on which most places were visited.
fn way(visits: &[Visit], of_visit: &[usize]) -> Option<Way> {
    let mut days: BTreeMap<u32, Day> = BTreeMap::new();
    for (visit, cluster) in visits.iter().zip(of_visit) {
        let Some(when) = visit.when else { continue };
        let day = days.entry(when.date).or_default();
        day.files = day.files.saturating_add(1);
        day.places.insert(*cluster);
        if let Some(before) = day.before.replace(*visit) {
            day.metres += distance(&before, visit);
        }
    }
    let (date, day) = days.iter().max_by_key(|(_, day)| day.places.len())?;
    (day.places.len() >= WAY).then_some(Way {
        date: *date,
        places: day.places.len(),
        files: day.files,
        km: day.metres / 1000.0,
    })
}
