// What is looked at beside the mappings: the company, what could not be imported of it, and the
// mappings as a file for spreadsheets.
#include "web/model/story.hpp"
#include "web/view/looks.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

/// A pane: a card with a heading, which gets the focus when the pane was asked for.
void pane_card(Ui& ui, LivePage& live, std::string_view id, Body body) {
  const std::string name(id);
  const auto title = say(name + ".heading");
  ui.card({.name = title, .role = CardRole::region, .key = id}, [&] {
    if (std::exchange(looks().to_pane, false)) ui.go_to_next();
    arrive_next(ui, live);
    ui.heading(2, title);
    ui.text(say(name + ".sentence"), {.tone = Tone::muted});
    body();
  });
}

void told(Ui& ui, std::string_view id, const std::optional<std::string>& value) {
  if (value && !value->empty()) fact(ui, id, *value);
}

std::optional<std::string> yes_or_no(const std::optional<bool>& value) {
  if (!value) return {};
  return say(*value ? "company.yes" : "company.no");
}

std::string unfit_words(const wire::SetAsideRecord& record) {
  return say("unfit." + std::string(wire::name_of(record.why)));
}

void set_aside_rows(Ui& ui, const Model& model) {
  const auto first = model.set_aside.page * model.set_aside.rows.size();
  ui.list({.name = say("set_aside.heading"), .key = "records"}, [&] {
    for (std::size_t i = 0; i < model.set_aside.rows.size(); ++i) {
      const auto& each = model.set_aside.rows[i];
      const auto name = each.name.empty() ? say("set_aside.unnamed") : each.name;
      ui.list_item(std::to_string(first + i), [&] {
        ui.text(name, {.strong = true, .key = "name"});
        ui.text(dotted({entity_name(each.entity), each.id, unfit_words(each)}),
                {.size = TextSize::small, .tone = Tone::muted, .key = "why"});
      });
    }
  });
}

void sheet_answer(Ui& ui, LivePage& live, const wire::SheetAnswer& answer) {
  const bool taken = answer.faults.empty();
  const auto count = static_cast<std::int64_t>(answer.faults.size());
  const auto title = taken ? say("sheet.taken", counted(answer.changed)) : say("sheet.not_taken");
  const auto text = say(taken ? "sheet.taken_text" : "sheet.faults", counted(count));
  if (ui.banner({.tone = taken ? Tone::success : Tone::danger,
                 .title = title,
                 .text = text,
                 .dismissable = true,
                 .dismiss_name = say("button.dismiss"),
                 .key = "answer"}))
    return live.editing.close_sheet();
  if (taken) return;
  constexpr std::size_t most = 20;
  ui.list({.name = say("sheet.faults_list"), .key = "faults"}, [&] {
    for (std::size_t i = 0; i < std::min(most, answer.faults.size()); ++i) {
      const auto& each = answer.faults[i];
      ui.list_item(std::to_string(i), [&] {
        // The first row below the headings is the second of the file.
        ui.text(say(each.column.empty() ? "sheet.fault_row" : "sheet.fault",
                    {{"row", number(each.row + 1)}, {"column", each.column}}),
                {.key = "fault"});
      });
    }
  });
  if (answer.faults.size() > most)
    ui.text(say("sheet.more_faults", counted(count - static_cast<std::int64_t>(most))),
            {.tone = Tone::muted, .key = "more"});
}

}  // namespace

void company_facts(Ui& ui, LivePage& live) {
  const auto& mapping = *live.model().mapping;
  const auto& facts = mapping.facts;
  pane_card(ui, live, "company", [&] {
    told(ui, "company.name", facts.name ? facts.name : mapping.company.name);
    told(ui, "company.legal_name", facts.legal_name);
    told(ui, "company.country", facts.country);
    told(ui, "company.currency", facts.home_currency);
    told(ui, "company.multi_currency", yes_or_no(facts.multi_currency));
    told(ui, "company.sales_tax", yes_or_no(facts.sales_tax));
    told(ui, "company.automated_tax", yes_or_no(facts.automated_sales_tax));
    if (facts.fiscal_year_starts && *facts.fiscal_year_starts >= 1 &&
        *facts.fiscal_year_starts <= 12)
      told(ui, "company.fiscal_year", say("month." + std::to_string(*facts.fiscal_year_starts)));
  });
}

void set_aside(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  const auto& list = model.set_aside;
  pane_card(ui, live, "set_aside", [&] {
    if (list.trouble && message_banner(ui, *list.trouble, "trouble", true))
      return live.looking.show_set_aside(list.page);
    if (!list.read) return list.trouble ? void() : ui.skeleton(4);
    if (list.rows.empty()) return ui.text(say("set_aside.none"), {.tone = Tone::muted});
    set_aside_rows(ui, model);
    const auto where = say("list.page", {{"n", number(static_cast<std::int64_t>(list.page + 1))}});
    const auto turned = turn_pages(ui, say("set_aside.pages"), where, list.page, list.has_after());
    if (!turned) return;
    looks().to_pane = true;
    live.looking.show_set_aside(*turned);
  });
}

void sheet(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  const auto& sheet = model.sheet;
  pane_card(ui, live, "sheet", [&] {
    ui.row({.gap = 8, .key = "buttons"}, [&] {
      if (ui.button({.name = say("button.download_sheet"),
                     .icon = Icon::download,
                     .busy = sheet.downloading,
                     .key = "download"}))
        live.editing.download_sheet();
      if (ui.button({.name = say("button.print"),
                     .icon = Icon::printer,
                     .busy = sheet.printing,
                     .key = "print"}))
        live.editing.print();
      const auto refused = why_not_edit(model);
      std::string reason;
      if (refused) reason = say("refused." + std::string(wire::name_of(*refused)));
      if (ui.button({.name = say("button.upload_sheet"),
                     .icon = Icon::upload,
                     .disabled = refused.has_value(),
                     .reason = reason,
                     .busy = sheet.uploading,
                     .key = "upload"}))
        live.editing.upload_sheet();
    });
    if (sheet.trouble) message_banner(ui, *sheet.trouble, "trouble", false);
    if (sheet.answer) sheet_answer(ui, live, *sheet.answer);
  });
}

}  // namespace rekey::web::view
