// A line opened: the host's record beside what it may be in the accounting system.
#include <algorithm>

#include "web/model/side_by_side.hpp"
#include "web/view/looks.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

using mapping::Section;

/// A record that the line may be, or is; with why it is suggested.
struct Beside {
  mapping::Record record;
  std::vector<mapping::Reason> reasons;
  bool taken = false;  ///< it is what is chosen, or would be with one click
};

/// What is chosen first, then what is suggested; no more than can be looked at.
std::vector<Beside> beside(const MappingRow& row) {
  constexpr std::size_t most = 3;
  std::vector<Beside> out;
  for (const auto& each : row.line.candidates)
    out.push_back({each.record, each.reasons, each.record.id == row.value});
  const auto taken = [](const Beside& each) { return each.taken; };
  if (row.line.target && std::none_of(out.begin(), out.end(), taken))
    out.insert(out.begin(), Beside{*row.line.target, {}, row.line.target->id == row.value});
  std::stable_partition(out.begin(), out.end(), taken);
  if (out.size() > most) out.resize(most);
  return out;
}

struct Mark {
  Tone tone;
  Icon icon;
};
Mark mark_of(Agreement agreement) {
  switch (agreement) {
    case Agreement::same:
      return {Tone::success, Icon::check};
    case Agreement::similar:
      return {Tone::info, Icon::circle};
    case Agreement::different:
      return {Tone::warning, Icon::x};
    case Agreement::one_only:
      break;
  }
  return {Tone::muted, Icon::minus};
}

void fields(Ui& ui, const Model& model, const MappingRow& row, const Beside& other) {
  const std::string ours = say("rows.yours", {{"host", model.page.host}}),
                    theirs = say("rows.theirs");
  const std::vector<TableColumn> columns{
      {say("pair.field"), 0.7f}, {ours, 1}, {theirs, 1}, {say("pair.agreement"), 0.7f}};
  const auto value = [&](const std::string& heading, const std::string& words) {
    ui.cell([&] {
      // Where cells stand below each other nothing else says whose it is.
      if (ui.narrow())
        ui.text(heading, {.size = TextSize::small, .tone = Tone::muted, .key = "whose"});
      if (words.empty())
        ui.text(say("pair.not_given"), {.tone = Tone::muted, .key = "none"});
      else
        ui.text(words, {.key = "value"});
    });
  };
  ui.table(
      {.name = say("pair.table", {{"ours", row.line.ours.name}, {"theirs", other.record.name}}),
       .columns = columns,
       .key = "fields"},
      [&] {
        for (const auto& each : side_by_side(row.line.ours, other.record, other.reasons))
          ui.table_row(each.field, [&] {
            ui.cell(say(std::string("pair.").append(each.field)), {.strong = true, .key = "field"});
            value(ours, each.ours);
            value(theirs, each.theirs);
            const auto mark = mark_of(each.agreement);
            const auto name = std::string(wire::name_of(each.agreement));
            ui.cell([&] {
              ui.chip({.text = say("pair.is." + name), .tone = mark.tone, .icon = mark.icon});
            });
          });
      });
}

}  // namespace

bool can_compare(const MappingRow& row) {
  return !row.line.candidates.empty() || row.line.target.has_value();
}

std::function<void()> compare(Ui& ui, LivePage& live, Section section, const MappingRow& row,
                              bool editable) {
  std::function<void()> done;
  for (const auto& each : beside(row)) {
    const auto title = say("pair.title", {{"name", each.record.name}});
    ui.card({.name = title, .padding = 14, .gap = 8, .raised = false, .key = each.record.id}, [&] {
      ui.heading(3, title);
      if (!each.reasons.empty())
        ui.text(reasons_of(each.reasons),
                {.size = TextSize::small, .tone = Tone::muted, .key = "reasons"});
      fields(ui, live.model(), row, each);
      const bool decided = each.taken && !row.preselected;
      if (!editable || decided) return;
      ui.row({}, [&] {
        if (ui.button({.name = say("button.use_this"),
                       .icon = Icon::check,
                       .small = true,
                       .description = each.record.name,
                       .key = "use"}))
          done = [&live, section, ours = row.line.ours.id, theirs = each.record.id] {
            live.editing.choose(section, ours, theirs);
          };
      });
    });
  }
  return done;
}

}  // namespace rekey::web::view
