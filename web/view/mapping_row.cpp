// One row of a list of mappings: the host's record, what it is in the accounting system, and how
// sure that is.
#include <algorithm>

#include "web/view/looks.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

using mapping::LineState;
using mapping::Record;
using mapping::Section;

struct RowChip {
  std::string text;
  Tone tone = Tone::muted;
  Icon icon = Icon::none;
};

RowChip chip_of(const MappingRow& row) {
  switch (row.line.state) {
    case LineState::chosen:
      return {say("row.chosen"), Tone::success, Icon::check};
    case LineState::none:
      return {say("row.none"), Tone::muted, Icon::check};
    case LineState::create:
      return {say("row.create"), Tone::success, Icon::plus};
    case LineState::suggested:
      if (row.preselected) return {say("row.suggested"), Tone::info, Icon::wand_sparkles};
      return {say("row.possible"), Tone::warning, Icon::circle};
    case LineState::undecided:
      break;
  }
  return {say("row.to_decide"), Tone::warning, Icon::circle};
}

/// What tells a record from others of its name, beside what its own detail says already.
std::string facts_of(const Record& record, std::string_view said) {
  const auto unsaid = [&](const std::string& text) {
    return said.find(text) == std::string_view::npos ? std::string_view(text) : std::string_view();
  };
  const std::string none;
  const auto& email = record.emails.empty() ? none : record.emails.front();
  const auto& phone = record.phones.empty() ? none : record.phones.front();
  return dotted({unsaid(record.number), unsaid(email), email.empty() ? unsaid(phone) : "",
                 unsaid(record.street), unsaid(record.city), unsaid(record.tax_number)});
}

/// How sure a suggestion is: a number would say more than people can use.
const char* sureness(double confidence) {
  if (confidence >= 0.99) return "sure.almost_certain";
  if (confidence >= 0.9) return "sure.very_likely";
  return confidence >= 0.6 ? "sure.likely" : "sure.possible";
}

const wire::Candidate* candidate_of(const MappingRow& row) {
  const auto& all = row.line.candidates;
  const auto at = std::find_if(all.begin(), all.end(), [&](const wire::Candidate& each) {
    return each.record.id == row.value;
  });
  return at == all.end() ? nullptr : &*at;
}

/// What is to be known about this row before choosing, or of what is chosen.
std::string hint_of(const MappingRow& row) {
  const auto& line = row.line;
  if (line.change) {
    const auto id = std::string("change.").append(wire::name_of(*line.change)).append(".hint");
    return say(id, {{"was", line.choice ? line.choice->name : ""}});
  }
  if (line.conflict) return say("row.conflict.hint");
  const auto* candidate = candidate_of(row);
  if (row.preselected && candidate && !candidate->reasons.empty())
    return say("row.suggested_for", {{"sure", say(sureness(candidate->confidence))},
                                     {"reasons", reasons_of(candidate->reasons)}});
  if (row.value.empty() && !line.candidates.empty())
    return say("row.offers", counted(static_cast<std::int64_t>(line.candidates.size())));
  return {};
}

/// Where what is chosen stands and what else is known of it, while that helps to decide.
std::string chosen_facts(const MappingRow& row) {
  const auto* candidate = candidate_of(row);
  const auto* record = row.line.target ? &*row.line.target
                       : candidate     ? &candidate->record
                                       : nullptr;
  if (!record || row.value.empty()) return {};
  const auto path = mapping::path_of(*record);
  const std::string above = path == record->name ? "" : path;
  const bool to_look_at = row.preselected || row.line.conflict || row.line.change;
  const auto told = dotted({above, record->detail});
  return to_look_at ? dotted({told, facts_of(*record, told)}) : told;
}

std::string problem_of(const MappingRow& row) {
  if (row.problems.empty()) return {};
  return say("problem_here." + std::string(wire::name_of(row.problems.front())));
}

/// The words that a search led to, for those who hear them and as the last line of the list.
struct Found {
  std::string results, note;
};
Found found_in(const OpenOptions& open) {
  Found out;
  if (open.reading) return {"", say("options.searching")};
  if (open.trouble) return {"", words_of(*open.trouble)};
  const auto count = static_cast<std::int64_t>(open.found.size());
  out.results = say(open.more ? "options.found_more" : "options.found", counted(count));
  if (open.more) out.note = say("options.more");
  if (open.found.empty()) out.note = say("row.nothing_found");
  return out;
}

std::string_view label_of(const MappingRow& row) {
  for (const auto& each : row.options)
    if (each.value == row.value) return each.label;
  return row.line.target ? std::string_view(row.line.target->name) : std::string_view();
}

/// The box, and what it tells of being open and typed into.
std::string choice_box(Ui& ui, LivePage& live, Section section, const MappingRow& row,
                       bool editable) {
  const auto& held = live.model().mapping->open;
  const auto& ours = row.line.ours.id;
  const bool is_open = held && held->section == section && held->ours == ours;
  const auto found = is_open ? found_in(*held) : Found{};
  const auto hint = hint_of(row), error = problem_of(row);
  if (looks().to_line == ours) {
    looks().to_line.clear();
    ui.focus_next();
  }
  Lookup at;
  const auto chosen = ui.combobox({.name = row.title,
                                   .options = is_open ? held->options : row.options,
                                   .value = row.value,
                                   .suggested = is_open ? held->suggested : row.suggested,
                                   .placeholder = say("row.choose"),
                                   .hint = hint,
                                   .error = error,
                                   .show_name = false,
                                   .disabled = !editable,
                                   .proposed = row.preselected,
                                   .looked_up = true,
                                   .value_label = label_of(row),
                                   .loading = is_open && held->reading,
                                   .note = found.note,
                                   .results = found.results,
                                   .suggested_word = say("row.suggested"),
                                   .nothing_found = say("row.nothing_found"),
                                   .key = "choice"},
                                  at);
  if (at.open && !is_open) live.looking.open_options(section, ours);
  if (at.open && is_open && at.typed != held->typed) live.looking.type(at.typed);
  // Of what is chosen now the record is still looked up there: it is closed with the next pass.
  if (!at.open && is_open && !chosen) live.looking.close_options();
  return chosen.value_or("");
}

void marks(Ui& ui, const LivePage& live, const MappingRow& row) {
  const auto chip = chip_of(row);
  ui.chip({.text = chip.text, .tone = chip.tone, .icon = chip.icon});
  const auto& line = row.line;
  const auto mark = [&](const std::string& text) {
    ui.chip({.text = text, .tone = Tone::warning, .icon = Icon::triangle_alert});
  };
  if (line.change)
    mark(say("row.changed", {{"what", say("change." + std::string(wire::name_of(*line.change)))}}));
  if (line.conflict) mark(say("row.conflict"));
  if (line.gone) mark(say("row.gone", {{"host", live.model().page.host}}));
}

std::function<void()> row_buttons(Ui& ui, LivePage& live, Section section, const MappingRow& row,
                                  bool editable) {
  const auto press = [&](std::string_view id, Icon icon) {
    return ui.button(
        {.name = say(id), .icon = icon, .small = true, .description = row.title, .key = id});
  };
  const auto ours = row.line.ours.id;
  if (can_compare(row)) {
    auto& compared = looks().compared;
    const std::pair here{section, ours};
    const bool open = compared == here;
    if (ui.button({.name = say("button.side_by_side"),
                   .icon = Icon::columns_2,
                   .small = true,
                   .description = row.title,
                   .expanded = open,
                   .controls_popup = true,
                   .key = "compare"}))
      compared = open ? std::nullopt : std::optional(here);
  }
  if (!editable) return {};
  if (row.preselected && press("button.accept", Icon::check))
    return [&live, section, ours, value = row.value] { live.editing.choose(section, ours, value); };
  if (can_keep(row) && press("button.keep", Icon::check))
    return [&live, section, ours] { live.editing.keep(section, ours); };
  return {};
}

void our_side(Ui& ui, const MappingRow& row) {
  const auto& record = row.line.ours;
  ui.text(record.name, {.strong = true, .key = "name"});
  const auto facts = dotted({row.detail, facts_of(record, row.detail)});
  if (!facts.empty())
    ui.text(facts, {.size = TextSize::small, .tone = Tone::muted, .key = "detail"});
}

}  // namespace

std::string reasons_of(const std::vector<mapping::Reason>& reasons) {
  std::string out;
  for (const auto reason : reasons) {
    const auto text = say("why." + std::string(wire::name_of(reason)));
    out = out.empty() ? text : say("why.and", {{"one", out}, {"other", text}});
  }
  return out;
}

std::function<void()> mapping_row(Ui& ui, LivePage& live, Section section, const MappingRow& row,
                                  bool editable) {
  std::function<void()> done;
  ui.row({.gap = 12, .align = Align::start, .key = "row"}, [&] {
    ui.column({.gap = 2, .grow = 1, .min_width = 180, .key = "ours"}, [&] { our_side(ui, row); });
    ui.column({.gap = 4, .grow = 1.3f, .min_width = 240, .key = "theirs"}, [&] {
      const auto chosen = choice_box(ui, live, section, row, editable);
      if (!chosen.empty())
        done = [&live, section, ours = row.line.ours.id, chosen] {
          live.editing.choose(section, ours, chosen);
        };
      const auto facts = chosen_facts(row);
      if (!facts.empty())
        ui.text(facts, {.size = TextSize::small, .tone = Tone::muted, .key = "facts"});
    });
    ui.column({.gap = 6, .grow = 0.6f, .min_width = 130, .key = "state"}, [&] {
      ui.row({.gap = 6, .key = "chips"}, [&] {
        marks(ui, live, row);
        if (auto pressed = row_buttons(ui, live, section, row, editable)) done = std::move(pressed);
      });
    });
  });
  if (looks().compared == std::pair{section, row.line.ours.id})
    if (auto taken = compare(ui, live, section, row, editable)) done = std::move(taken);
  return done;
}

}  // namespace rekey::web::view
