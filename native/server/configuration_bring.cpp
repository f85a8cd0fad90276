// Mappings that a host brings: drafts of the customer's configuration, in one body or line by line;
// and the way back to a version.
#include <set>
#include <unordered_set>

#include "core/mapping/sheet.hpp"
#include "native/server/body_lines.hpp"
#include "native/server/configuration_api.hpp"
#include "native/store/lines.hpp"
#include "native/words/words.hpp"

namespace rekey::server {

namespace {

using mapping::Section;
using store::ChoiceChange;
using store::CompanyKey;
using store::Database;
using store::StoredConnection;
using wire::field;

constexpr std::size_t most_choices = 200'000;

/// A choice as a host sends it: one of a body's, or a line.
struct ChoiceBody {
  Section section = Section::accounts;
  std::string ours;
  std::optional<std::string> theirs, name;
  std::optional<bool> create, undecided;
  static constexpr auto fields() {
    return std::tuple{
        field("section", &ChoiceBody::section), field("ours", &ChoiceBody::ours),
        field("theirs", &ChoiceBody::theirs),   field("name", &ChoiceBody::name),
        field("create", &ChoiceBody::create),   field("undecided", &ChoiceBody::undecided)};
  }
};
/// PATCH: the choices that change. PUT: all of them; what is not among them is undecided.
struct ChoicesBody {
  std::vector<ChoiceBody> choices;
  std::optional<mapping::Settings> settings;
  static constexpr auto fields() {
    return std::tuple{field("choices", &ChoicesBody::choices),
                      field("settings", &ChoicesBody::settings)};
  }
};

/// None: it does not say one thing, or what it says cannot be.
std::optional<ChoiceChange> change_of(const ChoiceBody& body) {
  const bool undecided = body.undecided.value_or(false), create = body.create.value_or(false);
  if (undecided + create + body.theirs.has_value() != 1) return {};
  const mapping::Choice choice{body.ours, body.theirs.value_or(""), body.name.value_or(""), create};
  if (!mapping::complaint_about(choice).empty()) return {};
  return ChoiceChange{body.section, body.ours,
                      undecided ? std::nullopt : std::optional<mapping::Choice>(choice)};
}

Result<std::vector<ChoiceChange>> changes_in(const ChoicesBody& body) {
  std::vector<ChoiceChange> out;
  std::set<std::pair<Section, std::string_view>> seen;
  for (const auto& each : body.choices) {
    auto change = change_of(each);
    if (!change || !seen.emplace(each.section, each.ours).second || out.size() == most_choices)
      return fail(Code::bad_input,
                  words::say("bad_input.choice", {{"index", std::to_string(out.size())}}));
    out.push_back(std::move(*change));
  }
  return out;
}

/// The records that were named, each once.
class Named {
 public:
  bool add(Section section, const std::string& ours) {
    return ids_[static_cast<std::size_t>(section)].insert(ours).second;
  }
  bool has(Section section, const std::string& ours) const {
    return ids_[static_cast<std::size_t>(section)].contains(ours);
  }

 private:
  std::array<std::unordered_set<std::string>, mapping::all_sections.size()> ids_;
};

/// Gives the next changes; none: that was all.
using Changes = std::function<std::vector<ChoiceChange>()>;

/// Those of one body.
Changes changes_of_body(const std::vector<ChoiceChange>& changes, Named& named) {
  for (const auto& each : changes) named.add(each.section, each.ours);
  return [&changes, given = false]() mutable {
    return std::exchange(given, true) ? std::vector<ChoiceChange>{} : changes;
  };
}

/// Those of lines, from the first one on.
Changes changes_by_lines(const http::Request& request, Named& named) {
  return [&named, lines = std::make_shared<BodyLines>(request)] {
    std::vector<ChoiceChange> out;
    for (const auto& each : lines->next()) {
      auto change = change_of(BodyLines::read<ChoiceBody>(each));
      if (!change) throw BadLine{each.number, words::say("line.choice")};
      if (!named.add(change->section, change->ours))
        throw BadLine{each.number, words::say("line.named_twice")};
      out.push_back(std::move(*change));
    }
    return out;
  };
}

/// Thrown within the transaction of a change, so that nothing of it is stored.
struct VersionChanged {
  std::int64_t newest = 0;
};
struct NoVersion {};

/// One change by a host, on its way into the store.
struct Brought {
  /// Asked again where another one was in the way. `named` lasts as long as what it gives.
  std::function<Changes(Named& named)> begin;
  std::optional<mapping::Settings> settings{};
  bool whole = false;  ///< what is not named is cleared
  std::optional<std::int64_t> back_to{};
  std::optional<std::string> if_match{};
  std::int64_t changed = 0;
  std::int64_t revision = 0;
};

/// Makes what is chosen now and was not named undecided.
std::int64_t clear_others(Database& db, const CompanyKey& key, const store::Edit& edit,
                          const Named& named) {
  std::int64_t changed = 0;
  for (const auto section : mapping::all_sections) {
    std::vector<ChoiceChange> others;
    for (auto& each : store::current_choices(db, key, section))
      if (!named.has(section, each.ours))
        others.push_back({section, std::move(each.ours), std::nullopt});
    if (!others.empty()) changed += store::put_changes(db, key, edit, others);
  }
  return changed;
}

std::int64_t put_brought_changes(Database& db, const CompanyKey& key, const store::Edit& edit,
                                 const Brought& brought) {
  Named named;
  const auto next = brought.begin(named);
  auto changed = store::put_changes(db, key, edit, {}, brought.settings);
  for (auto some = next(); !some.empty(); some = next()) {
    store::add_missing_names(db, key, some);
    changed += store::put_changes(db, key, edit, some);
  }
  return brought.whole ? changed + clear_others(db, key, edit, named) : changed;
}

void keep_brought(Database& db, const CompanyKey& key, const store::Edit& edit, Brought& brought) {
  const auto newest = store::newest_revision(db, key, false);
  const auto before = newest ? newest->revision : 0;
  if (brought.if_match && !names_version(*brought.if_match, tag_of(key, before)))
    throw VersionChanged{before};
  brought.revision = edit.revision;
  if (!brought.back_to) {
    brought.changed = put_brought_changes(db, key, edit, brought);
    return;
  }
  const auto changed = store::go_back(db, key, edit, *brought.back_to);
  if (!changed) throw NoVersion{};
  brought.changed = *changed;
}

/// While no company is known: kept until the first one is (work/matcher.hpp). False: one is known.
bool keep_for_later(Service& service, Database& db, const std::string& connection,
                    const wire::Actor& actor, Brought& brought) {
  const CompanyKey key{connection, {}};
  const auto stored = store::find_connection(db, connection);
  if (stored && !choices_of(*stored).realm_id.empty()) return false;
  const auto newest = store::newest_revision(db, key, false);
  keep_brought(db, key, {newest ? newest->revision + 1 : 1, service.driver.now(), actor}, brought);
  return true;
}

http::Response brought_answer(const std::string& connection, const CompanyKey& key,
                              const Brought& brought) {
  auto response = json_answer(200, {{"connection", connection},
                                    {"revision", brought.revision},
                                    {"changed", brought.changed},
                                    {"waiting", key.realm_id.empty()}});
  response.headers.set("ETag", tag_of(key, brought.revision));
  return response;
}

/// Takes a change as a draft of the company that is known, or for the first one that will be.
http::Response take_brought(Service& service, const std::string& id, const wire::Actor& actor,
                            Brought& brought) {
  auto key = choices_of(service.driver.read(id));
  if (key.realm_id.empty()) {
    auto db = service.driver.databases().borrow();
    if (store::in_transaction(*db,
                              [&] { return keep_for_later(service, *db, id, actor, brought); }))
      return brought_answer(id, key, brought);
  }
  const auto keep = [&](Database& db, const StoredConnection& before, const Step& next) {
    key = choices_of(before);
    keep_brought(db, key, {next.next.save.revision, service.driver.now(), actor}, brought);
  };
  // What the host has seen is in If-Match; a customer who works meanwhile is in nobody's way.
  const auto take = [&] {
    const auto seen = service.driver.read(id).state.save.revision;
    return service.driver.take(id, actor, save::Edited{seen}, keep);
  };
  auto taken = take();
  for (int tries = 0; tries < 3 && !taken && taken.error() == Refusal::changed_elsewhere; ++tries)
    taken = take();
  return taken ? brought_answer(id, key, brought) : problem(taken.error());
}

/// The same, with what keeps it from being taken as the answer.
http::Response bring(Service& service, const http::Request& request, const Places& places,
                     const wire::Actor& actor, Brought brought) {
  brought.if_match = request.headers.get("If-Match");
  try {
    return take_brought(service, places.at("connection"), actor, brought);
  } catch (const VersionChanged& changed) {
    return problem({Code::version_changed,
                    words::say("version_changed", {{"version", std::to_string(changed.newest)}}),
                    {}});
  } catch (const BadLine& line) {
    return bad_line(line);
  } catch (const NoVersion&) {
    return no_such_version(std::to_string(brought.back_to.value_or(0)));
  } catch (const std::out_of_range&) {
    return problem(no_such_connection());
  }
}

/// Those of a table (core/mapping/sheet.hpp), as it is read with `Accept: text/csv`.
http::Response bring_sheet(Service& service, const http::Request& request, const Places& places,
                           const wire::Actor& actor, bool whole) {
  auto sheet = mapping::read_sheet(request.body);
  if (!sheet) return problem(sheet.error());
  if (!sheet->faults.empty()) {
    const auto& fault = sheet->faults.front();
    return bad_line({fault.row + 1, words::say("line.column", {{"column", fault.column}})});
  }
  std::vector<ChoiceChange> changes;
  for (auto& each : sheet->lines)
    changes.push_back({each.section, std::move(each.ours), std::move(each.choice)});
  return bring(
      service, request, places, actor,
      {.begin = [&](Named& named) { return changes_of_body(changes, named); }, .whole = whole});
}

http::Response bring_choices(Service& service, const http::Request& request, const Places& places,
                             const wire::Actor& actor, bool whole) {
  if (check_type(request, "application/x-ndjson"))
    return bring(
        service, request, places, actor,
        {.begin = [&](Named& named) { return changes_by_lines(request, named); }, .whole = whole});
  if (check_type(request, "text/csv")) return bring_sheet(service, request, places, actor, whole);
  const auto body = body_as<ChoicesBody>(request, "The configuration");
  if (!body) return problem(body.error());
  const auto changes = changes_in(*body);
  if (!changes) return problem(changes.error());
  mapping::Configuration settings;
  settings.settings = body->settings.value_or(mapping::Settings{});
  if (const auto fit = mapping::checked(std::move(settings)); !fit) return problem(fit.error());
  return bring(service, request, places, actor,
               {.begin = [&](Named& named) { return changes_of_body(*changes, named); },
                .settings = body->settings,
                .whole = whole});
}

struct BackBody {
  std::int64_t revision = 0;
  static constexpr auto fields() { return std::tuple{field("revision", &BackBody::revision)}; }
};

}  // namespace

http::Response put_brought(Service& service, const http::Request& request, const Places& places,
                           const wire::Actor& actor) {
  return bring_choices(service, request, places, actor, true);
}

http::Response patch_brought(Service& service, const http::Request& request, const Places& places,
                             const wire::Actor& actor) {
  return bring_choices(service, request, places, actor, false);
}

http::Response go_back_for_host(Service& service, const http::Request& request,
                                const Places& places, const wire::Actor& actor) {
  const auto body = body_as<BackBody>(request, "The way back");
  if (!body) return problem(body.error());
  return bring(service, request, places, actor, {.begin = {}, .back_to = body->revision});
}

}  // namespace rekey::server
