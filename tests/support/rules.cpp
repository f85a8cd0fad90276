#include "tests/support/rules.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "core/text/catalogue.hpp"
#include "core/wire/machine.hpp"

namespace rekey::test {

namespace {

using explore::Taken;

template <class T>
const T* event_of(const Taken& taken) {
  return std::get_if<T>(&taken.event);
}
template <class T>
const T* phase_of(const State& state) {
  return std::get_if<T>(&state.connect.phase);
}
template <class T>
std::vector<const T*> effects_of(const Step& step) {
  std::vector<const T*> out;
  for (const auto& each : step.effects)
    if (const auto* one = std::get_if<T>(&each)) out.push_back(one);
  return out;
}

bool contains(const std::vector<std::int64_t>& all, std::int64_t one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

bool turned_off(const State& state) {
  return phase_of<connect::Unlinked>(state) || phase_of<connect::Disconnecting>(state);
}

/// Every event is a next state or a refusal, and a refusal changes nothing and has no effects.
std::string refusal_changes_nothing(const Taken& taken) {
  if (!taken.step.refused) return {};
  if (!taken.step.effects.empty()) return "refused, and yet there are effects";
  if (!(taken.step.next == taken.state)) return "refused, and yet the state changed";
  return {};
}

std::string same_step_again(const Taken& taken) {
  if (taken.step.refused) return {};
  const Step again = step(taken.state, taken.event, taken.now);
  if (!(again.next == taken.step.next) || again.effects != taken.step.effects)
    return "the same state, event and time gave another step";
  return {};
}

/// A code that waited while the customer was told: it goes when they say so, or when its time has
/// come, and its attempt was spent before.
std::string told_code_goes(const Taken& taken, const connect::Exchanging& told) {
  const auto* yes = event_of<connect::CompanyConfirmed>(taken);
  const bool time = event_of<TimeReached>(taken) && told.begins && taken.now >= *told.begins;
  if (!told.begins) return "a code is exchanged twice";
  if (!time && !(yes && yes->version == told.version)) return "a code is exchanged before its time";
  const auto* going = phase_of<connect::Exchanging>(taken.step.next);
  if (!going || going->begins || going->attempt != told.attempt)
    return "another code is exchanged than the one that waited";
  if (taken.step.next.connect.spent != told.attempt) return "the attempt was not spent";
  return {};
}

/// 1. An authorization attempt is spent once.
std::string attempt_spent_once(const Taken& taken) {
  const auto& spent = taken.state.connect.spent;
  const auto* callback = event_of<connect::CallbackArrived>(taken);
  const auto* refused = event_of<connect::CallbackRefused>(taken);
  const auto exchanges = effects_of<ExchangeCode>(taken.step);
  if ((callback && callback->attempt == spent) || (refused && refused->attempt == spent))
    if (!taken.step.refused) return "a callback of a spent attempt was taken";
  if (const auto* told = connect::telling(taken.step.next.connect);
      told && taken.step.next.connect.spent != told->attempt)
    return "the attempt was not spent before its code waits";
  if (exchanges.empty()) return {};
  if (const auto* told = phase_of<connect::Exchanging>(taken.state))
    return told_code_goes(taken, *told);
  const auto* waiting = phase_of<connect::Authorizing>(taken.state);
  if (!callback || !waiting || exchanges.size() != 1) return "a code is exchanged unasked";
  if (callback->attempt != waiting->attempt || exchanges[0]->attempt != waiting->attempt)
    return "the code of another attempt is exchanged";
  if (taken.now >= waiting->expires) return "a code is exchanged after its attempt expired";
  if (taken.step.next.connect.spent != callback->attempt) return "the attempt was not spent";
  return {};
}

/// 2. At most one live grant; versions never go down, and each is given out once.
std::string versions_only_grow(const Taken& taken) {
  const auto& before = taken.state.connect;
  const auto& after = taken.step.next.connect;
  const auto exchanges = effects_of<ExchangeCode>(taken.step);
  const bool gives =
      event_of<connect::CallbackArrived>(taken) || event_of<connect::GrantImported>(taken);
  const std::int64_t given = gives && !taken.step.refused ? 1 : 0;
  if (after.versions != before.versions + given) return "versions were not counted by one";
  if (exchanges.size() == 1 && exchanges[0]->version != after.versions)
    return "a version was given twice";
  const auto* had = connect::live_grant(before);
  const auto* has = connect::live_grant(after);
  if (has && has->version > after.versions) return "a live version was never given out";
  if (had && has && has->version < had->version) return "the live version went down";
  for (const auto each : kept_grants(after))
    if (each < 1 || each > after.versions) return "a kept version was never given out";
  return {};
}

/// The grants in the vault are exactly those the state speaks of: none is left behind, and none is
/// ended while it is wanted. A code that waits for its exchange is there in place of its grant.
std::string no_grant_left_behind(const Taken& taken) {
  if (taken.step.refused) return {};
  auto kept = kept_grants(taken.state.connect);
  if (const auto* received = event_of<connect::GrantReceived>(taken))
    kept.push_back(received->version);
  if (const auto* told = event_of<connect::Disconnected>(taken))
    kept.erase(std::remove(kept.begin(), kept.end(), told->version), kept.end());
  auto keeps = kept_grants(taken.step.next.connect);
  if (const auto* told = connect::telling(taken.state.connect)) {
    kept.push_back(told->version);
    // The exchange takes the code out by itself.
    const auto* goes_on = phase_of<connect::Exchanging>(taken.step.next);
    if (goes_on && goes_on->version == told->version) keeps.push_back(told->version);
  }
  const auto to_end = pending(taken.step.next.connect);
  std::vector<std::int64_t> forgotten;
  for (const auto* each : effects_of<Forget>(taken.step)) forgotten.push_back(each->version);
  for (const auto each : kept)
    if (!contains(keeps, each) && !contains(forgotten, each)) return "a grant was left behind";
  for (const auto each : forgotten) {
    if (each == 0) continue;
    if (!contains(kept, each)) return "a grant was forgotten that nobody had";
    if (contains(keeps, each)) return "a grant was forgotten that is still wanted";
  }
  for (const auto* each : effects_of<Revoke>(taken.step)) {
    if (!contains(kept, each->version)) return "a grant is revoked that nobody had";
    if (!contains(to_end, each->version)) return "a grant is revoked that is still wanted";
  }
  return {};
}

/// Whether a grant just became the live one that a grant of this revocation could be of one consent
/// with.
bool is_succeeded(const Taken& taken, const connect::Revocation& old) {
  const auto* had = connect::live_grant(taken.state.connect);
  const auto* has = connect::live_grant(taken.step.next.connect);
  return old.version != 0 && has && (!had || had->version != has->version) &&
         (!old.company || old.company->realm_id == has->company.realm_id);
}

/// 9. A token that is to be revoked is not forgotten before the provider has said yes, or the tries
/// are used up and that is told; or a new grant of the same company lives, which it could take
/// along.
std::string revocations_are_not_forgotten(const Taken& taken) {
  const auto& before = taken.state.connect;
  const auto& after = taken.step.next.connect;
  const auto* yes = event_of<connect::Disconnected>(taken);
  const auto* no = event_of<connect::RevocationGivenUp>(taken);
  bool told = false;
  for (const auto* each : effects_of<Notify>(taken.step))
    told |= each->note == Note::revocation_given_up || each->note == Note::legacy_given_up;
  for (const auto each : pending(before)) {
    if (contains(pending(after), each) || (yes && yes->version == each)) continue;
    if (no && no->version == each) {
      if (told) continue;
      return "tries are used up, and it is not told";
    }
    const auto* old = connect::revocation(before, each);
    if (!old || !is_succeeded(taken, *old)) return "a token that is to be revoked was forgotten";
  }
  if (no && connect::revocation(after, no->version) && wanted(taken.step.next, Revoke{no->version}))
    return "a revocation that was given up is still wanted";
  for (const auto& each : after.revocations)
    if (each.given_up && each.tell_at) return "what was given up is still to be told";
  return {};
}

/// What is to be revoked stays wanted, and waits while a sign-in could bring its successor.
std::string revocations_wait_for_sign_ins(const Taken& taken) {
  const State& next = taken.step.next;
  const bool under_way =
      std::visit([](const auto& phase) { return connect::UnderWay<std::decay_t<decltype(phase)>>; },
                 next.connect.phase);
  for (const auto each : pending(next.connect)) {
    const Effect effect = each == 0 ? Effect{RetireLegacy{}} : Effect{Revoke{each}};
    if (!wanted(next, effect)) return "a revocation that is not confirmed is not wanted";
    if (held_back(next, effect) != (under_way && each != 0))
      return "a revocation does not wait for a sign-in, or waits for none";
  }
  return {};
}

/// The customer can connect again two minutes after Disconnect, whatever the provider does; and
/// what it has not confirmed by then is told.
std::string unconfirmed_is_told(const Taken& taken) {
  if (!event_of<TimeReached>(taken) || taken.step.refused) return {};
  std::size_t now_told = 0, notes = 0;
  for (const auto& each : taken.step.next.connect.revocations) {
    if (each.tell_at && *each.tell_at <= taken.now)
      return "what is unconfirmed is not told in time";
    const auto* before = connect::revocation(taken.state.connect, each.version);
    if (!each.tell_at && !each.given_up && (!before || before->tell_at)) ++now_told;
  }
  for (const auto* each : effects_of<Notify>(taken.step))
    if (each->note == Note::revocation_pending) ++notes;
  if (now_told != notes) return "the state and the notes differ about what is unconfirmed";
  return {};
}

/// A trouble is told once when it begins, and once when it is over.
std::string trouble_is_told(const Taken& taken) {
  const auto* had = connect::live_grant(taken.state.connect);
  const auto* has = connect::live_grant(taken.step.next.connect);
  if (taken.step.refused || !had || !has || had->version != has->version) return {};
  std::size_t began = 0, over = 0;
  for (const auto* each : effects_of<Notify>(taken.step)) {
    if (each->note == Note::grant_in_trouble) ++began;
    if (each->note == Note::grant_recovered) ++over;
  }
  if (began != ((has->trouble && has->trouble != had->trouble) ? 1u : 0u))
    return "a trouble began and was not told once";
  if (over != ((had->trouble && !has->trouble) ? 1u : 0u))
    return "a trouble ended and was not told";
  if (event_of<connect::GrantRefreshed>(taken) && has->trouble &&
      ends_with_renewal(has->trouble->reason))
    return "a grant that was renewed is still in trouble";
  return {};
}

/// A late grant may be of the very consent that is being finished, and would take it along.
std::string late_grant_harms_nobody(const Taken& taken) {
  const auto* received = event_of<connect::GrantReceived>(taken);
  if (!received || taken.step.refused || effects_of<Revoke>(taken.step).empty()) return {};
  const State& next = taken.step.next;
  const bool one_comes = phase_of<connect::Exchanging>(next) || phase_of<connect::Proving>(next) ||
                         phase_of<connect::Confirming>(next);
  const auto* live = connect::live_grant(next.connect);
  const bool of_another_company =
      live && !received->realm_id.empty() && received->realm_id != live->company.realm_id;
  if ((live && !of_another_company) || (one_comes && !held_back(next, Revoke{received->version})))
    return "a late grant is revoked while another of the same consent may be wanted";
  return {};
}

bool uses_token(const Effect& effect) {
  return std::holds_alternative<Redirect>(effect) || std::holds_alternative<ExchangeCode>(effect) ||
         std::holds_alternative<ProveCompany>(effect) ||
         std::holds_alternative<RunImport>(effect) ||
         std::holds_alternative<StoreConfiguration>(effect);
}

/// 3. After Disconnect no effect uses a token, other than to revoke it.
std::string nothing_after_disconnect(const Taken& taken) {
  const State& next = taken.step.next;
  if (event_of<connect::DisconnectPressed>(taken) && !taken.step.refused && !turned_off(next))
    return "Disconnect did not turn it off";
  if (turned_off(taken.state) && !event_of<connect::ConnectPressed>(taken) &&
      !event_of<connect::LegacyLoaded>(taken) && !event_of<connect::GrantImported>(taken) &&
      !turned_off(next))
    return "it came back on by itself";
  if (!turned_off(next)) return {};
  if (std::any_of(taken.step.effects.begin(), taken.step.effects.end(), uses_token))
    return "an effect uses a token after Disconnect";
  if (connect::live_grant(next.connect)) return "a grant is live after Disconnect";
  for (std::int64_t version = 0; version <= connect::next_version(next.connect); ++version)
    if (wanted(next, ExchangeCode{next.connect.spent, version}) ||
        wanted(next, ProveCompany{version}) || wanted(next, RunImport{next.import.run, version}))
      return "a queued effect that uses a token is still wanted after Disconnect";
  return {};
}

std::string import_has_a_grant(const Taken& taken) {
  const State& next = taken.step.next;
  const auto* live = connect::live_grant(next.connect);
  if (std::holds_alternative<imports::Running>(next.import.phase) && !live)
    return "an import runs without a grant";
  for (const auto* each : effects_of<RunImport>(taken.step))
    if (!live || each->version != live->version || each->run != next.import.run)
      return "an import is started with a grant that is not the live one";
  if (next.import.run < taken.state.import.run) return "the number of the run went down";
  return {};
}

/// A list that is left out is told, and an import that read nothing is not called done.
std::string left_out_is_told(const Taken& taken) {
  if (taken.step.refused) return {};
  const auto& next = taken.step.next.import;
  if (const auto* done = std::get_if<imports::Done>(&next.phase))
    if (imports::lists_left_out(next).size() == done->progress.size())
      return "an import that read nothing is called done";
  const auto* refused = event_of<imports::ListRefused>(taken);
  if (!refused) return {};
  const auto note = refused->reason == imports::LeftOut::mapping_needs_it
                        ? Note::needed_list_left_out
                    : refused->reason == imports::LeftOut::not_read ? Note::list_not_read
                                                                    : Note::list_left_out;
  const Effect told = Notify{note, std::string(wire::name_of(refused->entity))};
  const auto& effects = taken.step.effects;
  return std::find(effects.begin(), effects.end(), told) != effects.end()
             ? ""
             : "a list was left out, and that is not told";
}

/// 4. A legacy credential is retired only after the new grant was proved on the same company, or on
/// one the customer confirmed, or when the customer turns it off. And it is never left behind.
std::string legacy_kept_until_proved(const Taken& taken) {
  if (taken.step.refused) return {};
  const auto* had = connect::live_legacy(taken.state.connect);
  const auto* has = connect::live_legacy(taken.step.next.connect);
  const auto* linked = phase_of<connect::Linked>(taken.step.next);
  const auto forgets = effects_of<Forget>(taken.step);
  const bool retired = !effects_of<RetireLegacy>(taken.step).empty();
  const bool forgotten = std::any_of(forgets.begin(), forgets.end(),
                                     [](const Forget* each) { return each->version == 0; });
  if (retired && !had) return "a legacy connection was retired where there was none";
  if (retired && has) return "the legacy connection was retired while it is wanted";
  if (retired && !event_of<connect::DisconnectPressed>(taken)) {
    const auto* proved = event_of<connect::CompanyProved>(taken);
    const auto* confirmed = event_of<connect::CompanyConfirmed>(taken);
    const auto* asked = phase_of<connect::Confirming>(taken.state);
    if (!linked) return "the legacy connection was retired, and nothing is linked";
    if (!(proved && proved->company.realm_id == had->company.realm_id) &&
        !(confirmed && asked && asked->found == linked->company))
      return "the legacy connection was retired without a proof of its company";
  }
  const bool was_there = had || contains(pending(taken.state.connect), 0);
  const bool is_there = has || contains(pending(taken.step.next.connect), 0);
  if (was_there && !is_there && !retired && !forgotten && !event_of<connect::Disconnected>(taken))
    return "the legacy credential was left behind";
  if (event_of<connect::LegacyLoaded>(taken) && !has && !forgotten)
    return "a legacy credential that was loaded too late was left behind";
  return {};
}

/// The company guard: another company than before is linked only when the customer confirmed it.
std::string company_changes_by_consent(const Taken& taken) {
  if (taken.step.refused) return {};
  const auto* knew = connect::known_company(taken.state.connect);
  const auto* knows = connect::known_company(taken.step.next.connect);
  if (knew && !knows) return "the company was forgotten";
  if (!knew || knew->realm_id == knows->realm_id) return {};
  const auto* asked = phase_of<connect::Confirming>(taken.state);
  const auto* confirmed = event_of<connect::CompanyConfirmed>(taken);
  if (!asked || !confirmed || confirmed->version != asked->version)
    return "the company changed without the customer's word";
  return {};
}

/// 5. Nothing but the customer changes what was chosen; and before it is put aside, it is kept.
std::string choices_are_the_customers(const Taken& taken) {
  const auto& before = taken.state.save;
  const auto& after = taken.step.next.save;
  const bool customer = event_of<save::Edited>(taken) || event_of<save::SavePressed>(taken);
  const bool grew = after.revision == before.revision + 1;
  if (after.revision != before.revision && !(customer && grew && !taken.step.refused))
    return "the revision changed without the customer";
  const auto snapshots = effects_of<TakeSnapshot>(taken.step);
  const bool first = !taken.step.effects.empty() &&
                     std::holds_alternative<TakeSnapshot>(taken.step.effects.front());
  if (snapshots.size() > 1 || (snapshots.size() == 1 && !first))
    return "the snapshot does not come first";
  const bool kept = snapshots.size() == 1 && snapshots[0]->revision == before.revision;
  if (event_of<connect::DisconnectPressed>(taken) && !taken.step.refused && before.revision > 0 &&
      !kept)
    return "Disconnect took no snapshot of what was configured";
  if (after.phase == before.phase || customer) return {};
  if (std::holds_alternative<save::Saving>(before.phase) && after.revision == before.revision)
    if (!std::holds_alternative<save::Empty>(after.phase)) return {};
  if (!event_of<connect::CompanyConfirmed>(taken) || (before.revision > 0 && !kept))
    return "choices were put aside";
  return {};
}

/// 6. Every running state has a way to an ended one: nobody waits forever on a lost reply.
std::string every_wait_ends(const Taken& taken) {
  if (!event_of<TimeReached>(taken)) return {};
  const auto when = due(taken.state);
  const bool is_due = when && *when <= taken.now;
  if (running(taken.state) && !when) return "somebody waits, and nothing is due";
  if (is_due == taken.step.refused.has_value()) return "the clock is not heard when it is due";
  if (!settles(taken.state)) return "time alone does not end every wait";
  return {};
}

const std::array<bool, wire::all_of<Refusal>.size()>& worded_refusals() {
  static const auto all = [] {
    std::array<bool, wire::all_of<Refusal>.size()> out{};
    const auto english = text::Catalogue::english();
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = english.has("refused." + std::string(wire::name_of(static_cast<Refusal>(i))));
    return out;
  }();
  return all;
}

std::string reason_prefix(Note note) {
  if (note == Note::sign_in_failed) return "failed.";
  if (note == Note::grant_ended) return "ended.";
  if (note == Note::grant_at_risk) return "risk.";
  if (note == Note::import_stopped) return "stopped.";
  if (note == Note::grant_in_trouble) return "hindered.";
  if (note == Note::list_left_out || note == Note::needed_list_left_out ||
      note == Note::list_not_read)
    return "entity.";
  return {};
}

/// 7. What is refused, and what people are told, has words for a person.
std::string everything_has_words(const Taken& taken) {
  static const auto english = text::Catalogue::english();
  if (taken.step.refused)
    return worded_refusals()[static_cast<std::size_t>(*taken.step.refused)]
               ? std::string()
               : "a refusal has no words";
  for (const auto* each : effects_of<Notify>(taken.step)) {
    const auto prefix = reason_prefix(each->note);
    if (!english.has("note." + std::string(wire::name_of(each->note))))
      return "a note has no words";
    if (!prefix.empty() && !english.has(prefix + each->detail)) return "a reason has no words";
  }
  return {};
}

/// An effect is wanted when it is queued; otherwise nobody would ever perform it.
std::string effects_are_wanted(const Taken& taken) {
  for (const auto& each : taken.step.effects)
    if (!wanted(taken.step.next, each)) return "an effect is queued that is not wanted";
  return {};
}

}  // namespace

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = {
      {"a refused event changes nothing and has no effects", refusal_changes_nothing, true},
      {"the same step again gives the same", same_step_again},
      {"an attempt is spent once", attempt_spent_once, true},
      {"one live grant, and versions never go down", versions_only_grow},
      {"no grant is left behind or ended while it is wanted", no_grant_left_behind},
      {"a late grant takes no other along", late_grant_harms_nobody},
      {"what is to be revoked is kept until yes, or until that is given up and told",
       revocations_are_not_forgotten},
      {"what is to be revoked waits for sign-ins and stays wanted", revocations_wait_for_sign_ins},
      {"what the provider does not confirm is told", unconfirmed_is_told},
      {"a trouble is told, and its end", trouble_is_told},
      {"after Disconnect no token is used but to revoke it", nothing_after_disconnect},
      {"an import runs with the live grant or not at all", import_has_a_grant},
      {"a list that is left out is told, and a done import read something", left_out_is_told},
      {"the legacy credential is kept until the new grant is proved", legacy_kept_until_proved},
      {"another company needs the customer's word", company_changes_by_consent},
      {"nothing but the customer changes or removes choices", choices_are_the_customers},
      {"every wait has an end", every_wait_ends, true},
      {"refusals and notes have words", everything_has_words, true},
      {"what is queued is wanted", effects_are_wanted},
  };
  return all;
}

std::vector<std::int64_t> kept_grants(const connect::State& state) {
  std::vector<std::int64_t> out;
  if (const auto* live = connect::live_grant(state)) out.push_back(live->version);
  if (const auto* kept = connect::kept_grant(state)) out.push_back(kept->version);
  if (const auto* proving = std::get_if<connect::Proving>(&state.phase))
    out.push_back(proving->version);
  if (const auto* asking = std::get_if<connect::Confirming>(&state.phase))
    out.push_back(asking->version);
  for (const auto each : pending(state))
    if (each > 0) out.push_back(each);
  return out;
}

std::vector<std::int64_t> pending(const connect::State& state) {
  std::vector<std::int64_t> out;
  if (const auto* ending = std::get_if<connect::Disconnecting>(&state.phase))
    out.push_back(ending->version);
  for (const auto& each : state.revocations)
    if (!each.given_up) out.push_back(each.version);
  return out;
}

bool running(const State& state) {
  const bool linking = std::visit(
      [](const auto& phase) {
        using P = std::decay_t<decltype(phase)>;
        return requires {
          phase.from;
        }
        || std::is_same_v<P, connect::Disconnecting>;
      },
      state.connect.phase);
  return linking || std::holds_alternative<imports::Running>(state.import.phase) ||
         std::holds_alternative<save::Saving>(state.save.phase);
}

bool settles(State state) {
  for (int i = 0; i < 8; ++i) {
    const auto when = due(state);
    if (!when) return !running(state);
    auto taken = step(state, TimeReached{}, *when);
    if (taken.refused) return false;
    state = std::move(taken.next);
  }
  return false;
}

}  // namespace rekey::test
