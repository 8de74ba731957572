//! What the words of a date text have said so far.
//!
//! Source: the PHP manual, "Supported Date and Time Formats", and the order in
//! which timelib lets one word of a text overrule another.

use super::words::Unit;
use super::zone::Zone;

/// The fields a text has filled, and how it moves the moment they name.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub year: Option<i64>,
    pub month: Option<i64>,
    pub day: Option<i64>,
    pub hour: Option<i64>,
    pub minute: Option<i64>,
    pub second: Option<i64>,
    pub microsecond: Option<i64>,
    pub zone: Option<Zone>,
    /// How many words have named a zone.
    pub zone_words: usize,
    pub has_date: bool,
    /// How many words have named a time; four digits count once more as a year.
    pub time_words: usize,
    pub relative: Relative,
}

/// How a text moves the moment it names.
#[derive(Debug, Default)]
pub(super) struct Relative {
    pub years: i64,
    pub months: i64,
    pub days: i64,
    pub hours: i64,
    pub minutes: i64,
    pub seconds: i64,
    pub microseconds: i64,
    /// Whether the day of the week counts.
    pub has_weekday: bool,
    /// 0 for Sunday; negative after `ago`.
    pub weekday: i64,
    pub weekday_rule: WeekdayRule,
    pub special: Option<Special>,
    pub edge_of_month: Option<EdgeOfMonth>,
}

/// Which day of the given name is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum WeekdayRule {
    /// The next one after the day at hand.
    #[default]
    After,
    /// The day at hand if it has that name, else the next one.
    SameOrAfter,
    /// The one in the week of the day at hand, which starts on Monday.
    OfThisWeek,
}

/// Movements that look at the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Special {
    /// So many days from Monday to Friday.
    WorkingDays(i64),
    /// `first monday of` and the like: counted from the start of the month.
    WeekdayFromStart,
    /// `last monday of`: counted from the end of the month.
    WeekdayFromEnd,
}

/// `first day of` and `last day of`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EdgeOfMonth {
    First,
    Last,
}

/// Whether a relative text puts the time of day back to midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeOfDay {
    Keep,
    Reset,
}

impl Reading {
    /// Notes that a word names a time; a second one makes the text unreadable.
    pub(super) fn claim_time(&mut self) -> Option<()> {
        if self.time_words > 0 {
            return None;
        }
        self.reset_time();
        self.time_words = 1;
        Some(())
    }

    /// Puts the time of day to midnight, and lets a later word name it.
    pub(super) fn reset_time(&mut self) {
        self.time_words = 0;
        self.hour = Some(0);
        self.minute = Some(0);
        self.second = Some(0);
        self.microsecond = Some(0);
    }

    /// Notes that a word names a date; a second one makes the text unreadable.
    pub(super) fn claim_date(&mut self) -> Option<()> {
        let is_first = !self.has_date;
        self.has_date = true;
        is_first.then_some(())
    }

    /// Notes that a word names a zone, and says whether it counts: a second one
    /// is passed over, as in `+0200 (CEST)`; a third makes the text unreadable.
    pub(super) fn claim_zone(&mut self) -> Option<bool> {
        self.zone_words += 1;
        (self.zone_words <= 2).then_some(self.zone_words == 1)
    }

    /// Moves the moment by so many units.
    pub(super) fn move_by(&mut self, amount: i64, unit: Unit, rule: WeekdayRule, time: TimeOfDay) -> Option<()> {
        let is_calendar_unit = matches!(unit, Unit::Weekday(_) | Unit::WorkingDay);
        if is_calendar_unit && time == TimeOfDay::Reset {
            self.reset_time();
        }
        match unit {
            Unit::Weekday(weekday) => {
                self.relative.has_weekday = true;
                self.relative.weekday = weekday;
                self.relative.weekday_rule = rule;
                // The first such day is found without a whole week to add.
                let weeks = if amount > 0 { amount - 1 } else { amount };
                self.relative.add(weeks, Unit::Days(7))
            }
            Unit::WorkingDay => {
                self.relative.special = Some(Special::WorkingDays(amount));
                Some(())
            }
            plain => self.relative.add(amount, plain),
        }
    }
}

impl Relative {
    /// Adds so many units of a fixed kind; `None` when the sum is too large.
    fn add(&mut self, amount: i64, unit: Unit) -> Option<()> {
        let (field, size) = match unit {
            Unit::Microseconds(size) => (&mut self.microseconds, size),
            Unit::Second => (&mut self.seconds, 1),
            Unit::Minute => (&mut self.minutes, 1),
            Unit::Hour => (&mut self.hours, 1),
            Unit::Days(size) => (&mut self.days, size),
            Unit::Month => (&mut self.months, 1),
            Unit::Year => (&mut self.years, 1),
            Unit::Weekday(_) | Unit::WorkingDay => return None,
        };
        *field = field.checked_add(amount.checked_mul(size)?)?;
        Some(())
    }

    /// Turns every movement so far round, as the word `ago` does.
    pub(super) fn negate(&mut self) -> Option<()> {
        let fields =
            [&mut self.years, &mut self.months, &mut self.days, &mut self.hours, &mut self.minutes, &mut self.seconds];
        for field in fields {
            *field = field.checked_neg()?;
        }
        // Sunday has no negative, so PHP counts it as the seventh day here.
        self.weekday = match self.weekday {
            0 => -7,
            weekday => -weekday,
        };
        if let Some(Special::WorkingDays(amount)) = &mut self.special {
            *amount = amount.checked_neg()?;
        }
        Some(())
    }
}
