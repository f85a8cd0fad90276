#include "web/model/looking.hpp"

#include <algorithm>

#include "web/model/later.hpp"
#include "web/model/place.hpp"
#include "web/model/rows.hpp"

namespace rekey::web {

namespace {

/// The first row of the last page of a part.
std::size_t last_page(std::size_t lines) {
  return lines == 0 ? 0 : (lines - 1) / rows_per_page * rows_per_page;
}

Message list_not_read(const Trouble& trouble) {
  return message_of(trouble, "versions_failed.title");
}

}  // namespace

// Rows --------------------------------------------------------------------------------------------

LinesQuery Looking::query_of(mapping::Section section, const Looks& looks, const Place& place) {
  return {section, looks.search, looks.filter, looks.backwards, place.cursors.back()};
}

/// The section, while the answer to this request is what is waited for.
SectionView* Looking::awaited(mapping::Section section, std::int64_t asked) {
  auto& mapping = visit_.model.mapping;
  if (!mapping || mapping->of(section).asked != asked) return nullptr;
  return &mapping->of(section);
}

void Looking::read_lines(mapping::Section section, Place place) {
  auto& mapping = *visit_.model.mapping;
  auto& view = mapping.of(section);
  view.reading = true;
  view.trouble.reset();
  const auto asked = view.asked = ++asked_;
  const auto seen = mapping.revision;
  visit_.backend->lines(query_of(section, view.looks, place),
                        [this, section, place, asked, seen](Reply<wire::LinesPage> reply) {
                          auto* awaits = awaited(section, asked);
                          if (!awaits) return;
                          if (!reply.value) {
                            awaits->reading = false;
                            if (reply.trouble.kind == Trouble::Kind::session_ended)
                              return visit_.ended(reply.trouble);
                            awaits->trouble = list_not_read(reply.trouble);
                            return;
                          }
                          // What was confirmed since may not be in it.
                          const auto revision = visit_.model.mapping->revision;
                          if (reply.value->revision < revision && seen < revision)
                            return read_lines(section, place);
                          got_lines(section, std::move(*reply.value), place);
                        });
}

void Looking::got_lines(mapping::Section section, wire::LinesPage lines, Place place) {
  auto& mapping = *visit_.model.mapping;
  auto& view = mapping.of(section);
  if (lines.lines.empty() && place.page > 0) {
    view.reading = false;
    if (place.page <= view.page) return read_lines(section, {});  // the list has become shorter
    view.next.reset();  // the page before was full, and the last one
    return;
  }
  take_lines(view, std::move(lines));
  const auto last = last_page(view.lines.size());
  if (place.from_behind) place.first = last;
  if (place.first > last) {  // the page is not there any more
    place.page -= std::min(place.page, (place.first - last) / rows_per_page);
    place.first = last;
  }
  view.cursors = std::move(place.cursors);
  view.page = place.page;
  view.first = place.first;
  lay_over(mapping, section);
}

void Looking::select(mapping::Section section) {
  auto& mapping = *visit_.model.mapping;
  mapping.selected = section;
  mapping.was_selected = true;
  if (mapping.all_below_each_other()) return;
  auto& view = mapping.of(section);
  if (!view.reading) read_lines(section, place_of(view));
  count_acceptable(section);
}

void Looking::look(mapping::Section section, Looks looks) {
  auto& view = visit_.model.mapping->of(section);
  if (looks == view.looks) return;
  const bool typed = looks.search != view.looks.search;
  view.looks = std::move(looks);
  if (!typed) return read_lines(section, {});
  view.reading = true;
  const auto asked = view.asked = ++asked_;
  later(search_ms, [this, section, asked] {
    if (awaited(section, asked)) read_lines(section, {});
  });
}

void Looking::next_page(mapping::Section section) {
  auto& mapping = *visit_.model.mapping;
  auto& view = mapping.of(section);
  if (view.reading || !view.has_after()) return;
  if (view.first + rows_per_page < view.lines.size()) {
    view.first += rows_per_page;
    ++view.page;
    view.asked = ++asked_;  // lines that are on their way are of the page before
    return lay_over(mapping, section);
  }
  auto place = place_of(view);
  place.cursors.push_back(*view.next);
  ++place.page;
  place.first = 0;
  read_lines(section, std::move(place));
}

void Looking::previous_page(mapping::Section section) {
  auto& mapping = *visit_.model.mapping;
  auto& view = mapping.of(section);
  if (view.reading || !view.has_before()) return;
  if (view.first >= rows_per_page) {
    view.first -= rows_per_page;
    --view.page;
    view.asked = ++asked_;
    return lay_over(mapping, section);
  }
  auto place = place_of(view);
  if (place.cursors.size() < 2) return read_lines(section, {});
  place.cursors.pop_back();
  --place.page;
  place.from_behind = true;
  read_lines(section, std::move(place));
}

void Looking::try_again(mapping::Section section) {
  read_lines(section, place_of(visit_.model.mapping->of(section)));
}

void Looking::find(mapping::Section section, const std::string& name) {
  auto& mapping = *visit_.model.mapping;
  auto& view = mapping.of(section);
  const auto shown = mapping.shown();
  const bool there = mapping::is_among(section, shown) && !view.reading &&
                     std::any_of(view.rows.begin(), view.rows.end(),
                                 [&](const auto& each) { return each.line.ours.name == name; });
  if (there) return;
  mapping.selected = section;
  mapping.was_selected = true;
  view.looks = {{}, name, view.looks.backwards};
  read_lines(section, {});
}

void Looking::count_acceptable(mapping::Section section) {
  auto& mapping = *visit_.model.mapping;
  const auto& view = mapping.of(section);
  if (view.told.suggested == 0) {
    mapping.of(section).told_acceptable = 0;
    return lay_over(mapping, section);
  }
  const auto seen = mapping.revision;
  visit_.backend->accept(
      {seen, section, accept_confidence, true},
      [this, section, seen, mine = visit_.generation](Reply<wire::EditAnswer> reply) {
        auto& now = visit_.model.mapping;
        // Without an answer the number is not known: nothing is offered.
        if (mine != visit_.generation || !now || now->revision != seen) return;
        now->of(section).told_acceptable = reply.value ? reply.value->changed : 0;
        lay_over(*now, section);
      });
}

// The options of the box that is open -------------------------------------------------------------

void Looking::open_options(mapping::Section section, const std::string& ours) {
  auto& mapping = *visit_.model.mapping;
  const auto* row = find_row(mapping, section, ours);
  if (!row) return;
  auto& open = mapping.open.emplace();
  open.section = section;
  open.ours = ours;
  make_options(open, row->line);
  read_options();
}

void Looking::type(std::string typed) {
  auto& open = visit_.model.mapping->open;
  if (!open || open->typed == typed) return;
  open->typed = std::move(typed);
  open->reading = true;
  const auto asked = open->asked = ++asked_;
  later(options_ms, [this, asked] {
    const auto& mapping = visit_.model.mapping;
    if (mapping && mapping->open && mapping->open->asked == asked) read_options();
  });
}

void Looking::close_options() {
  visit_.model.mapping->open.reset();
}

void Looking::read_options() {
  auto& open = *visit_.model.mapping->open;
  open.reading = true;
  open.trouble.reset();
  const auto asked = open.asked = ++asked_;
  visit_.backend->records({open.section, open.typed, {}},
                          [this, asked](Reply<wire::RecordsPage> reply) {
                            const auto& mapping = visit_.model.mapping;
                            if (mapping && mapping->open && mapping->open->asked == asked)
                              got_options(std::move(reply));
                          });
}

void Looking::got_options(Reply<wire::RecordsPage> reply) {
  auto& mapping = *visit_.model.mapping;
  auto& open = *mapping.open;
  open.reading = false;
  if (!reply.value) {
    if (reply.trouble.kind == Trouble::Kind::session_ended) return visit_.ended(reply.trouble);
    open.trouble = list_not_read(reply.trouble);
    return;
  }
  const auto* row = find_row(mapping, open.section, open.ours);
  if (!row) return mapping.open.reset();
  open.more = reply.value->next.has_value();
  open.found = std::move(reply.value->records);
  make_options(open, row->line);
}

// Lists beside it ---------------------------------------------------------------------------------

/// Reads a page of a list. `ask` is given the cursor and what to call; `take` moves the rows out of
/// the answer.
template <class T, class Ask, class Take>
void Looking::turn(PagedList<T> Model::*which, std::size_t page, Ask ask, Take take) {
  auto& list = visit_.model.*which;
  if (page == 0) list.cursors = {""};
  if (page >= list.cursors.size()) return;
  list.reading = true;
  list.trouble.reset();
  const auto asked = list.asked = ++asked_;
  ask(list.cursors[page], [this, which, page, asked, take, mine = visit_.generation](auto reply) {
    auto& now = visit_.model.*which;
    if (mine != visit_.generation || now.asked != asked) return;
    now.reading = false;
    if (!reply.value) {
      if (reply.trouble.kind == Trouble::Kind::session_ended) return visit_.ended(reply.trouble);
      now.trouble = list_not_read(reply.trouble);
      return;
    }
    now.rows = take(*reply.value);
    now.read = true;
    now.page = page;
    now.cursors.resize(page + 1);
    if (reply.value->next) now.cursors.push_back(*reply.value->next);
  });
}

void Looking::show_versions(std::size_t page) {
  turn(
      &Model::versions, page,
      [this](const std::string& cursor, auto then) { visit_.backend->versions(cursor, then); },
      [](wire::ConfigurationVersions& answer) { return std::move(answer.versions); });
}

void Looking::compare(std::int64_t revision, std::size_t page) {
  auto& model = visit_.model;
  if (model.compared != revision) {
    model.comparison = {};
    model.compared_settings.reset();
    page = 0;
  }
  model.compared = revision;
  turn(
      &Model::comparison, page,
      [this, revision](const std::string& cursor, auto then) {
        visit_.backend->compare(revision, 0, cursor, then);
      },
      [this](wire::ChangedChoices& answer) {
        visit_.model.compared_settings = answer.settings;
        return std::move(answer.choices);
      });
}

void Looking::close_comparison() {
  visit_.model.comparison = {};
  visit_.model.compared = 0;
  visit_.model.compared_settings.reset();
}

void Looking::show_set_aside(std::size_t page) {
  turn(
      &Model::set_aside, page,
      [this](const std::string& cursor, auto then) { visit_.backend->set_aside(cursor, then); },
      [](wire::SetAsidePage& answer) { return std::move(answer.records); });
}

}  // namespace rekey::web
