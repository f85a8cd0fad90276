// One list of mappings: the host's records at the left, their counterparts at the right.
#include <algorithm>

#include "web/model/story.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

using mapping::Section;

std::string id_of(Section section, std::string_view what) {
  return "section." + std::string(wire::name_of(section)) + "." + std::string(what);
}

void counts_row(Ui& ui, const Counts& counts) {
  const auto chip = [&](const char* id, int count, Tone tone) {
    if (count > 0) ui.chip({.text = say(id, counted(count)), .tone = tone});
  };
  ui.row({.gap = 6, .key = "counts"}, [&] {
    chip("counts.to_decide", counts.to_decide, Tone::warning);
    chip("counts.changed", counts.changed, Tone::warning);
    chip("counts.suggested", counts.suggested, Tone::info);
    chip("counts.matched", counts.matched, Tone::success);
    chip("counts.no_counterpart", counts.no_counterpart, Tone::muted);
  });
}

void looks(Ui& ui, LivePage& live, Section section, const SectionView& view) {
  const auto& counts = view.counts;
  const std::vector<std::string> filters{say("filter.all", {{"n", number(counts.all)}}),
                                         say("filter.to_check", {{"n", number(counts.to_check)}}),
                                         say("filter.changed", {{"n", number(counts.changed)}})};
  ui.row({.gap = 12, .align = Align::end, .key = "looks"}, [&] {
    const auto name = say(id_of(section, "filter"));
    if (const auto taken = ui.segmented({.name = name,
                                         .options = filters,
                                         .selected = static_cast<int>(view.filter),
                                         .key = "filter"}))
      live.editing.look(section, static_cast<Filter>(*taken), view.search);
    auto words = view.search;
    if (ui.text_field({.name = say(id_of(section, "search")),
                       .kind = FieldKind::search,
                       .show_name = false,
                       .placeholder = say(id_of(section, "search")),
                       .key = "search"},
                      words))
      live.editing.look(section, view.filter, words);
  });
}

struct RowChip {
  std::string text;
  Tone tone = Tone::muted;
  Icon icon = Icon::none;
};

RowChip chip_of(const MappingRow& row) {
  if (row.change)
    return {say("row.changed",
                {{"what", say("change." + std::string(wire::name_of(row.change->change)))}}),
            Tone::warning, Icon::triangle_alert};
  switch (row.state) {
    case RowState::matched:
      return {say("row.chosen"), Tone::success, Icon::check};
    case RowState::no_counterpart:
      return {say("row.chosen"), Tone::muted, Icon::check};
    case RowState::suggested:
      return {say("row.suggested"), Tone::info, Icon::wand_sparkles};
    case RowState::to_decide:
      return {say("row.to_decide"), Tone::warning, Icon::circle};
  }
  return {};
}

/// The reasons of a suggestion in words, as mapping::said gives them.
std::string reasons_of(const std::vector<mapping::Reason>& reasons) {
  std::string out;
  for (const auto reason : reasons) {
    const auto text = say("why." + std::string(wire::name_of(reason)));
    out = out.empty() ? text : say("why.and", {{"one", out}, {"other", text}});
  }
  return out;
}

/// What is to be known about this row before choosing, or of what is chosen.
std::string hint_of(const MappingRow& row, const SectionView& view) {
  if (row.change) {
    const auto id = "change." + std::string(wire::name_of(row.change->change)) + ".hint";
    return say(id, {{"was", row.change->was}});
  }
  // Its name alone does not say which one is chosen.
  if (const auto alike = view.alike.find(row.value); alike != view.alike.end())
    return alike->second;
  if (row.state == RowState::suggested && !row.why.empty())
    return say("row.suggested_for", {{"reasons", reasons_of(row.why)}});
  if (row.state == RowState::to_decide && !row.suggested.empty())
    return say("row.offers", counted(static_cast<std::int64_t>(row.suggested.size())));
  return {};
}

bool can_keep(const MappingRow& row, const SectionView& view) {
  if (!row.change || row.value.empty()) return false;
  if (row.change->change == mapping::Change::appeared) return row.state != RowState::to_decide;
  return std::any_of(view.options.begin(), view.options.end(),
                     [&](const Option& each) { return each.value == row.value; });
}

void mapping_row(Ui& ui, LivePage& live, Section section, std::size_t index, bool editable) {
  const auto& view = live.model().mapping->of(section);
  const auto& row = view.rows[index];
  const auto& record = live.model().mapping->page.ours.of(section)[row.ours];
  ui.row({.gap = 12, .align = Align::center, .key = "row"}, [&] {
    ui.column({.gap = 2, .grow = 1, .min_width = 200, .key = "ours"}, [&] {
      ui.text(record.name, {.strong = true, .key = "name"});
      if (!row.detail.empty())
        ui.text(row.detail, {.size = TextSize::small, .tone = Tone::muted, .key = "detail"});
    });
    ui.column({.gap = 0, .grow = 1.3f, .min_width = 240, .key = "theirs"}, [&] {
      const auto hint = hint_of(row, view);
      const auto chosen = ui.combobox({.name = row.title,
                                       .options = view.options,
                                       .value = row.value,
                                       .suggested = row.suggested,
                                       .placeholder = say("row.choose"),
                                       .hint = hint,
                                       .show_name = false,
                                       .disabled = !editable,
                                       .suggested_word = say("row.suggested"),
                                       .nothing_found = say("row.nothing_found"),
                                       .revision = view.revision,
                                       .key = "choice"});
      if (chosen && !chosen->empty()) live.editing.choose(section, index, *chosen);
    });
    ui.column({.gap = 6, .grow = 0.55f, .min_width = 130, .key = "state"}, [&] {
      const auto chip = chip_of(row);
      ui.row({.gap = 6, .key = "chips"}, [&] {
        ui.chip({.text = chip.text, .tone = chip.tone, .icon = chip.icon});
        if (editable && can_keep(row, view) &&
            ui.button({.name = say("button.keep"),
                       .small = true,
                       .description = row.title,
                       .key = "keep"}))
          live.editing.keep(section, index);
      });
    });
  });
}

void rows(Ui& ui, LivePage& live, Section section, SectionView& view) {
  if (view.shown.empty())
    return ui.text(say(view.counts.all == 0 ? id_of(section, "none") : "rows.none_shown"),
                   {.tone = Tone::muted, .key = "none"});
  const bool editable = !why_not_edit(live.model()).has_value();
  const auto first = static_cast<std::size_t>(view.page * rows_per_page);
  const auto last = std::min(view.shown.size(), first + rows_per_page);
  if (!ui.narrow())
    ui.row({.gap = 12, .wrap = false, .key = "titles"}, [&] {
      const auto title = [&](std::string_view id, float grow, float width) {
        ui.column({.gap = 0, .grow = grow, .min_width = width, .key = id}, [&] {
          ui.text(say(id, {{"host", live.model().page.host}}),
                  {.size = TextSize::small, .tone = Tone::muted, .key = id});
        });
      };
      title("rows.yours", 1, 200);
      title("rows.theirs", 1.3f, 240);
      title("rows.state", 0.55f, 130);
    });
  ui.list({.name = say(id_of(section, "title")), .dividers = true, .key = "rows"}, [&] {
    for (auto i = first; i < last; ++i) {
      const auto index = view.shown[i];
      const auto& ours = live.model().mapping->page.ours.of(section)[view.rows[index].ours].id;
      ui.list_item(ours, [&] { mapping_row(ui, live, section, index, editable); });
    }
  });
  if (pages_of(view) < 2) return;
  if (const auto page = ui.pager({.name = say(id_of(section, "pages")),
                                  .page = view.page,
                                  .pages = pages_of(view),
                                  .previous = say("button.previous"),
                                  .next = say("button.next")}))
    view.page = *page;
}

}  // namespace

void section(Ui& ui, LivePage& live, mapping::Section which) {
  auto& view = live.model().mapping->of(which);
  const auto title = say(id_of(which, "title"));
  ui.card({.name = title, .role = CardRole::region, .key = wire::name_of(which)}, [&] {
    ui.heading(3, title);
    ui.text(say(id_of(which, "sentence"), {{"host", live.model().page.host}}),
            {.tone = Tone::muted});
    if (view.counts.all > 0) {
      counts_row(ui, view.counts);
      looks(ui, live, which, view);
    }
    rows(ui, live, which, view);
  });
}

}  // namespace rekey::web::view
