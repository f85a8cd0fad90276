// Every number by which grants are kept alive, each with its reason. docs/keeping-grants.md has the
// table, made from here.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/time.hpp"

namespace rekey::refresh {

/// A length of time, as the table has it.
struct Span {
  std::string_view name;
  Millis value;
  std::string_view reason;
};
/// A share of something: one part in `value`.
struct Part {
  std::string_view name;
  std::int64_t value;
  std::string_view reason;
  constexpr Millis of(Millis whole) const { return whole / value; }
};
/// A plain number.
struct Count {
  std::string_view name;
  std::int64_t value;
  std::string_view reason;
  constexpr operator std::int64_t() const { return value; }
};

namespace policy {

/// Each length of time with its reason.
namespace table {

using std::chrono::hours, std::chrono::minutes, std::chrono::seconds;

// What is served -----------------------------------------------------------------------------

inline constexpr Span good_for{
    "good_for", minutes{5},
    "a caller gets a token that lasts this long, so that a slow call with it still works"};
inline constexpr Span clock_slack{
    "clock_slack", minutes{1},
    "a token with more left than its life and this: the clock was set back; its end is unknown"};
inline constexpr Span meanwhile{
    "meanwhile", minutes{1}, "while another caller renews, a token that lasts this long is served"};

// When a grant is renewed though no caller asks --------------------------------------------------

inline constexpr Span ahead{
    "ahead", minutes{15},
    "before the end of a token in use: a clock that is ten minutes wrong hands out no dead token"};
inline constexpr Span ahead_jitter{"ahead_jitter", minutes{4},
                                   "so that grants made together are not renewed together"};
inline constexpr Span idle_unknown{"idle_unknown", hours{24},
                                   "the same where the provider does not say how long it lives"};
inline constexpr Span again_after{
    "again_after", seconds{30},
    "a grant that was looked at and is still due is not looked at before"};

// Failures ---------------------------------------------------------------------------------------

inline constexpr Span first_pause{"first_pause", seconds{1}, "most failures are over at once"};
inline constexpr Span longest_pause{
    "longest_pause", minutes{1},
    "pauses double up to this: an outage's end is noticed within a minute"};
inline constexpr Span client_pause{
    "client_pause", seconds{10},
    "another client is configured: the provider is not asked, so when that is mended shows soon"};
inline constexpr Span longest_wait{
    "longest_wait", hours{1}, "the longest wait that a provider can ask for: a token's usual life"};
inline constexpr Span trouble_told_after{
    "trouble_told_after", minutes{10},
    "most restarts are over by then, and tokens renewed in time last longer than this"};

// The accounting API refuses what the token endpoint gives ---------------------------------------

inline constexpr Span renew_again_after{
    "renew_again_after", minutes{5},
    "a token that is refused though it was just made is not made again before"};
inline constexpr Span renew_for_host_after{
    "renew_for_host_after", seconds{30},
    "a host that refuses the token just made for it is not given another before"};
inline constexpr Span first_look{"first_look", seconds{30},
                                 "when the API is asked again after it refused a token just made"};
inline constexpr Span longest_look{"longest_look", minutes{30}, "those pauses double up to this"};

// Ends -------------------------------------------------------------------------------------------

inline constexpr Span first_warning{"first_warning", hours{24 * 90},
                                    "before a certain end: time to reach every customer"};
inline constexpr Span second_warning{"second_warning", hours{24 * 30}, "a month before"};
inline constexpr Span last_warning{"last_warning", hours{24 * 7}, "a week before"};
inline constexpr Span proved_after{"proved_after", seconds{10},
                                   "a grant still being proved is looked at again, to warn of it"};
inline constexpr Span rolling_end_near{
    "rolling_end_near", hours{24 * 14},
    "a refresh token this near its end should have been renewed long ago: at risk"};
inline constexpr Span keep_ended{
    "keep_ended", hours{72},
    "the tokens of a grant the provider ended are kept, sealed: a weekend, to undo a wrong end"};
inline constexpr Span ends_within{"ends_within", minutes{10},
                                  "what is counted together as ending at once"};

// Between processes ------------------------------------------------------------------------------

inline constexpr Span lease{
    "lease", seconds{10},
    "a turn passes to another process when its holder has shown no life for this long"};
inline constexpr Span show_life_every{"show_life_every", seconds{3},
                                      "three chances before the turn passes"};
inline constexpr Span look_every{"look_every", std::chrono::milliseconds{100},
                                 "another process's turn is looked at this often"};
inline constexpr Span patience{"patience", seconds{3},
                               "callers without any token wait this long for a second try"};
inline constexpr Span retry_storing{
    "retry_storing", minutes{2},
    "an answer of the provider is tried to be stored: a database restarts"};

}  // namespace table

inline constexpr Millis good_for = table::good_for.value;
inline constexpr Millis clock_slack = table::clock_slack.value;
inline constexpr Millis meanwhile = table::meanwhile.value;
inline constexpr Millis ahead = table::ahead.value;
inline constexpr Millis ahead_jitter = table::ahead_jitter.value;
inline constexpr Millis idle_unknown = table::idle_unknown.value;
inline constexpr Millis again_after = table::again_after.value;
inline constexpr Millis first_pause = table::first_pause.value;
inline constexpr Millis longest_pause = table::longest_pause.value;
inline constexpr Millis client_pause = table::client_pause.value;
inline constexpr Millis longest_wait = table::longest_wait.value;
inline constexpr Millis trouble_told_after = table::trouble_told_after.value;
inline constexpr Millis renew_again_after = table::renew_again_after.value;
inline constexpr Millis renew_for_host_after = table::renew_for_host_after.value;
inline constexpr Millis first_look = table::first_look.value;
inline constexpr Millis longest_look = table::longest_look.value;
inline constexpr Millis first_warning = table::first_warning.value;
inline constexpr Millis second_warning = table::second_warning.value;
inline constexpr Millis last_warning = table::last_warning.value;
inline constexpr Millis proved_after = table::proved_after.value;
inline constexpr Millis rolling_end_near = table::rolling_end_near.value;
inline constexpr Millis keep_ended = table::keep_ended.value;
inline constexpr Millis ends_within = table::ends_within.value;
inline constexpr Millis lease = table::lease.value;
inline constexpr Millis show_life_every = table::show_life_every.value;
inline constexpr Millis look_every = table::look_every.value;
inline constexpr Millis patience = table::patience.value;
inline constexpr Millis retry_storing = table::retry_storing.value;

// Shares and counts.

inline constexpr Part enough_life{
    "enough_life", 2, "of a token whose whole life is shorter, this part of it is enough"};
inline constexpr Part meanwhile_part{
    "meanwhile_part", 8, "or this part of a shorter life, so that short tokens are served at all"};
inline constexpr Part ahead_part{"ahead_part", 4, "of a shorter life, when this part is left"};
inline constexpr Part idle_part{
    "idle_part", 3, "of the refresh token's life, for a grant not in use: two failures can follow"};
inline constexpr Part idle_jitter_part{
    "idle_jitter_part", 5, "of that, earlier by chance, so that a night's imports spread out"};
inline constexpr Part pause_jitter_part{
    "pause_jitter_part", 4, "of a pause is added by chance, so that not all come back at once"};
inline constexpr Count ends_at_most{"ends_at_most", 5,
                                    "this many may end within `ends_within` in any installation"};
inline constexpr Count ends_percent{
    "ends_percent", 2, "and this share of all grants; more at once is a fault, not customers"};

inline constexpr std::array spans{table::good_for,          table::clock_slack,
                                  table::meanwhile,         table::ahead,
                                  table::ahead_jitter,      table::idle_unknown,
                                  table::again_after,       table::first_pause,
                                  table::longest_pause,     table::client_pause,
                                  table::longest_wait,      table::trouble_told_after,
                                  table::renew_again_after, table::renew_for_host_after,
                                  table::first_look,        table::longest_look,
                                  table::first_warning,     table::second_warning,
                                  table::last_warning,      table::proved_after,
                                  table::rolling_end_near,  table::keep_ended,
                                  table::ends_within,       table::lease,
                                  table::show_life_every,   table::look_every,
                                  table::patience,          table::retry_storing};
inline constexpr std::array parts{enough_life, meanwhile_part,   ahead_part,
                                  idle_part,   idle_jitter_part, pause_jitter_part};
inline constexpr std::array counts{ends_at_most, ends_percent};

}  // namespace policy

}  // namespace rekey::refresh
