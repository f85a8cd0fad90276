// Changes to some records of a directory, whether they come in one body or line by line.
#include <limits>
#include <set>

#include "native/http/spool.hpp"
#include "native/server/directory_records.hpp"
#include "native/server/problem.hpp"
#include "native/store/connections.hpp"
#include "native/store/directory.hpp"
#include "native/store/matching.hpp"
#include "native/store/records.hpp"
#include "native/words/words.hpp"
#include "native/work/audit.hpp"
#include "native/work/lines.hpp"

namespace rekey::server {

namespace {

using mapping::Section;
using wire::field;
using wire::Json;

constexpr std::size_t lines_at_once = 500;
constexpr std::size_t most_refusals_told = 100;

struct SectionPatch {
  std::optional<std::vector<RecordBody>> put;
  std::optional<std::vector<std::string>> remove;
  static constexpr auto fields() {
    return std::tuple{field("put", &SectionPatch::put), field("remove", &SectionPatch::remove)};
  }
  static constexpr auto also_called() {
    return std::array{wire::Alias{"add", "put"}, wire::Alias{"upsert", "put"},
                      wire::Alias{"set", "put"}, wire::Alias{"delete", "remove"}};
  }
};
struct PatchBody {
  std::optional<SectionPatch> accounts, tax_codes, items, customers, suppliers, classes, locations;
  static constexpr auto fields() {
    return std::tuple{
        field("accounts", &PatchBody::accounts),   field("tax_codes", &PatchBody::tax_codes),
        field("items", &PatchBody::items),         field("customers", &PatchBody::customers),
        field("suppliers", &PatchBody::suppliers), field("classes", &PatchBody::classes),
        field("locations", &PatchBody::locations)};
  }
  static constexpr auto also_called() { return section_aliases; }
};

/// What came of a change.
struct Tally {
  std::array<std::int64_t, 5> outcomes{};  ///< by DirectoryEditor::Outcome
  std::int64_t refused = 0;
  Json refusals = Json::array();

  void count(store::DirectoryEditor::Outcome outcome) {
    ++outcomes[static_cast<std::size_t>(outcome)];
  }
  void refuse(std::int64_t line, const std::string& reason) {
    if (++refused <= static_cast<std::int64_t>(most_refusals_told))
      refusals.push_back({{"line", line}, {"reason", reason}});
  }
  bool changed() const {
    using Outcome = store::DirectoryEditor::Outcome;
    return of(Outcome::added) + of(Outcome::changed) + of(Outcome::removed) > 0;
  }
  std::int64_t of(store::DirectoryEditor::Outcome outcome) const {
    return outcomes[static_cast<std::size_t>(outcome)];
  }
  http::Response answer(const Json& counts) const {
    Json out = {{"refused", refused}, {"refusals", refusals}, {"directory", counts}};
    const auto names = names_of(store::DirectoryEditor::Outcome{});
    for (std::size_t i = 0; i < outcomes.size(); ++i) out[std::string(names[i])] = outcomes[i];
    return json_answer(200, out);
  }
};

/// Puts down who changed a directory in part.
void note_changed(Service& service, const std::string& tenant, const wire::Actor& actor,
                  const Tally& tally) {
  if (!tally.changed()) return;
  service.driver.wake_workers();
  using Outcome = store::DirectoryEditor::Outcome;
  audit::note(service.driver.databases(),
              {audit::Event::directory_replaced,
               actor,
               tenant,
               {},
               {},
               {{"added", tally.of(Outcome::added)},
                {"changed", tally.of(Outcome::changed)},
                {"removed", tally.of(Outcome::removed)}}},
              service.driver.now());
}

/// One change to a section.
struct CheckedPatch {
  Section section = Section::accounts;
  std::vector<mapping::Record> put;
  std::vector<std::string> remove;
};

Result<std::vector<CheckedPatch>> checked_patches(const PatchBody& body) {
  std::vector<CheckedPatch> out;
  for (const auto section : mapping::all_sections) {
    const auto& patch = mapping::part_of(body, section);
    if (!patch) continue;
    auto records = records_of(section, patch->put);
    if (!records) return tl::unexpected(records.error());
    out.push_back(
        {section, std::move(*records), patch->remove.value_or(std::vector<std::string>{})});
    const std::set<std::string_view> removed(out.back().remove.begin(), out.back().remove.end());
    for (const auto& each : out.back().put)
      if (removed.contains(each.id))
        return fail(Code::bad_input,
                    words::say("bad_input.put_and_removed",
                               {{"section", std::string(wire::name_of(section))}}));
  }
  return out;
}

http::Response patch_at_once(Service& service, const http::Request& request,
                             const std::string& tenant, const wire::Actor& actor) {
  const auto body = body_as<PatchBody>(request, "The change");
  if (!body) return problem(body.error());
  const auto patches = checked_patches(*body);
  if (!patches) return problem(patches.error());
  auto db = service.driver.databases().borrow();
  Tally tally;
  Json counts;
  const bool known = store::in_transaction(*db, [&] {
    tally = {};
    if (!store::tenant_name(*db, tenant)) return false;
    store::DirectoryEditor editor(*db, tenant);
    for (const auto& patch : *patches) {
      for (const auto& each : patch.put) tally.count(editor.put(patch.section, each));
      for (const auto& each : patch.remove) tally.count(editor.remove(patch.section, each));
    }
    counts = counts_of(*db, tenant);
    if (tally.changed()) store::ask_matching_of_tenant(*db, tenant, service.driver.now());
    return true;
  });
  if (!known) return problem(no_such_tenant(tenant));
  note_changed(service, tenant, actor, tally);
  return tally.answer(counts);
}

/// One line: a record as it is from now on, or one that is gone.
struct RecordLine : RecordDetails {
  Section section = Section::accounts;
  std::string id;
  std::optional<std::string> name;
  std::optional<bool> removed;
  static constexpr auto fields() {
    return std::tuple_cat(
        std::tuple{field("section", &RecordLine::section), field("id", &RecordLine::id),
                   field("name", &RecordLine::name), field("removed", &RecordLine::removed)},
        details());
  }
  static constexpr auto also_called() { return record_aliases; }
};

/// Takes a line; gives why it was refused, or nothing.
std::string take_record(store::DirectoryEditor& editor, std::string_view text, Tally& tally) {
  const auto json = wire::parse(text, "The line");
  if (!json) return json.error().hint;
  const auto line = wire::read_strictly_as<RecordLine>(*json, "The line");
  if (!line) return line.error().hint;
  const bool removed = line->removed.value_or(false);
  if (!removed && !line->name) return words::say("record_line.no_name");
  const auto record = record_of(line->id, line->name.value_or(""), *line);
  const auto wrong = removed ? complaint_about_id(line->id) : complaint_about(record);
  if (!wrong.empty()) return words::say("record_line.unfit", {{"wrong", wrong}});
  tally.count(removed ? editor.remove(line->section, line->id) : editor.put(line->section, record));
  return {};
}

std::string take_line(store::DirectoryEditor& editor, const work::TextLine& line, Tally& tally) {
  if (!line.too_long) return take_record(editor, line.text.reveal(), tally);
  return words::say("line.too_long", {{"most", std::to_string(work::LineBounds{}.length)}});
}

/// Line by line, some hundred to a transaction, so that neither memory nor other writers wait for
/// the last of many. What was taken before a line that is refused stays.
http::Response patch_by_lines(Service& service, const http::Request& request,
                              const std::string& tenant, const wire::Actor& actor) {
  auto db = service.driver.databases().borrow();
  Tally tally;
  work::LineReader lines(http::body_pieces(request),
                         {.lines = std::numeric_limits<std::int64_t>::max()});
  for (auto some = lines.next(lines_at_once); !some.empty(); some = lines.next(lines_at_once)) {
    Tally next;
    const bool known = store::in_transaction(*db, [&] {
      next = tally;
      if (!store::tenant_name(*db, tenant)) return false;
      store::DirectoryEditor editor(*db, tenant);
      for (const auto& line : some)
        if (const auto why = take_line(editor, line, next); !why.empty())
          next.refuse(line.number, why);
      // Also what a broken connection cuts short has changed something.
      if (next.changed()) store::ask_matching_of_tenant(*db, tenant, service.driver.now());
      return true;
    });
    if (!known) return problem(no_such_tenant(tenant));
    tally = std::move(next);
  }
  if (!store::tenant_name(*db, tenant)) return problem(no_such_tenant(tenant));
  note_changed(service, tenant, actor, tally);
  return tally.answer(counts_of(*db, tenant));
}

}  // namespace

http::Response patch_directory(Service& service, const http::Request& request, const Places& places,
                               const wire::Actor& actor) {
  if (check_type(request, "application/x-ndjson"))
    return patch_by_lines(service, request, places.at("tenant"), actor);
  return patch_at_once(service, request, places.at("tenant"), actor);
}

}  // namespace rekey::server
