// One list of mappings: the host's records at the left, their counterparts at the right.
#include <algorithm>
#include <utility>

#include "web/model/story.hpp"
#include "web/view/looks.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

using mapping::LineFilter;
using mapping::Section;

/// "All 1,204", "To decide 43": those that let something through, and the one that is taken.
struct Pills {
  std::vector<std::optional<LineFilter>> filters;
  std::vector<std::string> words;
  int taken = 0;
};

Pills pills_of(const SectionView& view) {
  Pills out;
  const auto add = [&](std::optional<LineFilter> filter, const std::string& id) {
    const auto count = count_of(view.counts, filter);
    const bool taken = view.looks.filter == filter;
    if (filter && count == 0 && !taken) return;
    if (taken) out.taken = static_cast<int>(out.filters.size());
    out.filters.push_back(filter);
    out.words.push_back(say(id, {{"n", number(count)}}));
  };
  add({}, "filter.all");
  for (std::size_t i = 0; i < names_of(LineFilter{}).size(); ++i)
    add(static_cast<LineFilter>(i), std::string("filter.").append(names_of(LineFilter{})[i]));
  return out;
}

void search_and_sort(Ui& ui, LivePage& live, Section section, const SectionView& view) {
  ui.row({.gap = 8, .wrap = false, .key = "search_row"}, [&] {
    auto looks = view.looks;
    const auto name = say_of(section, "search");
    if (ui.text_field({.name = name,
                       .kind = FieldKind::search,
                       .show_name = false,
                       .placeholder = name,
                       .key = "search"},
                      looks.search))
      live.looking.look(section, looks);
    const bool backwards = view.looks.backwards;
    if (ui.icon_button({.name = say(backwards ? "sort.forwards" : "sort.backwards"),
                        .icon = backwards ? Icon::arrow_up_z_a : Icon::arrow_down_a_z,
                        .description = name,
                        .key = "sort"})) {
      looks.backwards = !backwards;
      live.looking.look(section, looks);
    }
  });
}

void filters(Ui& ui, LivePage& live, Section section, const SectionView& view) {
  const auto pills = pills_of(view);
  const auto taken = ui.segmented({.name = say_of(section, "filter"),
                                   .options = pills.words,
                                   .selected = pills.taken,
                                   .pills = true,
                                   .key = "filter"});
  if (!taken) return;
  auto looks = view.looks;
  looks.filter = pills.filters[static_cast<std::size_t>(*taken)];
  live.looking.look(section, looks);
}

void accept_all(Ui& ui, LivePage& live, Section section, const SectionView& view) {
  if (view.acceptable < 2 || why_not_edit(live.model())) return;
  ui.row({.key = "accept_row"}, [&] {
    if (ui.button({.name = say("accept.all", counted(view.acceptable)),
                   .icon = Icon::wand_sparkles,
                   .small = true,
                   .description = say_of(section, "title"),
                   .key = "accept"}))
      live.editing.accept(section);
  });
}

/// What a search or a filter led to, and that all are shown again; said once when it is there.
void say_found(Ui& ui, Section section, const SectionView& view) {
  if (view.reading || !view.read) return;
  auto& said = looks().said[static_cast<std::size_t>(section)];
  const auto& [filter, search, backwards] = view.looks;
  if (search.empty() && !filter) {
    if (!std::exchange(said, {}).empty())
      ui.announce(say("rows.found", counted(count_of(view.counts, {}))));
    return;
  }
  const auto shown = static_cast<std::int64_t>(view.rows.size());
  const bool more = !search.empty() && view.has_after();
  const auto count = search.empty() ? count_of(view.counts, filter) : shown;
  const auto words = say(more ? "rows.found_more" : "rows.found", counted(count));
  // While a filter is taken its count falls with each decision: only the first is what it led to.
  auto key = search + "\n";
  if (filter) key.append(wire::name_of(*filter));
  if (!search.empty()) key += "\n" + words;
  if (std::exchange(said, key) != key) ui.announce(words);
}

void titles(Ui& ui, const Model& model) {
  if (ui.narrow()) return;
  ui.row({.gap = 12, .wrap = false, .key = "titles"}, [&] {
    const auto title = [&](std::string_view id, float grow, float width) {
      ui.column({.gap = 0, .grow = grow, .min_width = width, .key = id}, [&] {
        ui.text(say(id, {{"host", model.page.host}}),
                {.size = TextSize::small, .tone = Tone::muted, .key = id});
      });
    };
    title("rows.yours", 1, 180);
    title("rows.theirs", 1.3f, 240);
    title("rows.state", 0.6f, 130);
  });
}

/// "26 to 50 of 1,204", or without the whole where only the search knows it.
std::string where_of(const SectionView& view) {
  const auto first = static_cast<std::int64_t>(view.page * rows_per_page);
  const Values values{{"from", number(first + 1)},
                      {"to", number(first + static_cast<std::int64_t>(view.rows.size()))},
                      {"all", number(count_of(view.counts, view.looks.filter))}};
  return say(view.looks.search.empty() ? "rows.where" : "rows.where_found", values);
}

void pages(Ui& ui, LivePage& live, Section section, const SectionView& view) {
  const auto turned =
      turn_pages(ui, say_of(section, "pages"), where_of(view), view.page, view.has_after());
  if (!turned) return;
  const bool forwards = *turned > view.page;
  looks().to_section = section;
  if (forwards)
    live.looking.next_page(section);
  else
    live.looking.previous_page(section);
}

void rows(Ui& ui, LivePage& live, Section section) {
  const auto& view = live.model().mapping->of(section);
  if (!view.read) return view.trouble ? void() : ui.skeleton(24);
  if (view.rows.empty() && !view.reading)
    return ui.text(view.counts.total + view.counts.gone == 0 ? say_of(section, "none")
                                                             : say("rows.none_shown"),
                   {.tone = Tone::muted, .key = "none"});
  const bool editable = !why_not_edit(live.model()).has_value();
  titles(ui, live.model());
  std::function<void()> done;
  ui.list({.name = say_of(section, "title"), .dividers = true, .key = "rows"}, [&] {
    for (const auto& row : view.rows)
      ui.list_item(row.line.ours.id, [&] {
        if (auto todo = mapping_row(ui, live, section, row, editable)) done = std::move(todo);
      });
  });
  pages(ui, live, section, view);
  // Only now: the rows are made anew by it.
  if (done) done();
}

void head(Ui& ui, LivePage& live, Section section, const SectionView& view) {
  const auto& model = live.model();
  ui.row({.gap = 12, .key = "head"}, [&] {
    if (looks().to_section == section) {
      looks().to_section.reset();
      ui.go_to_next();
    }
    if (model.where.section == section) arrive_next(ui, live);
    ui.heading(2, say_of(section, "title"));
    if (mapping::is_among(section, model.mapping->required))
      ui.chip({.text = say("section.required"), .tone = Tone::info});
    if (view.reading) ui.loading(say("rows.reading"));
    ui.space(28);  // as high as those words, so that nothing moves when they come and go
  });
  ui.text(say_of(section, "sentence", {{"host", model.page.host}}), {.tone = Tone::muted});
}

}  // namespace

void section(Ui& ui, LivePage& live, mapping::Section which) {
  auto& view = live.model().mapping->of(which);
  if (looks().to_open == which && view.read && !view.reading && !view.rows.empty()) {
    looks().to_open.reset();
    looks().to_line = view.rows.front().line.ours.id;
  }
  const auto title = say_of(which, "title");
  ui.card({.name = title, .role = CardRole::region, .key = wire::name_of(which)}, [&] {
    head(ui, live, which, view);
    if (view.counts.total + view.counts.gone > 0) {
      filters(ui, live, which, view);
      // A handful is seen at a glance.
      if (view.counts.total + view.counts.gone > 10 || !view.looks.search.empty())
        search_and_sort(ui, live, which, view);
      accept_all(ui, live, which, view);
    }
    if (view.trouble && message_banner(ui, *view.trouble, "trouble", true))
      live.looking.try_again(which);
    say_found(ui, which, view);
    rows(ui, live, which);
  });
}

}  // namespace rekey::web::view
