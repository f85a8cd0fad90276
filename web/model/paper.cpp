#include "web/model/paper.hpp"

#include <map>

#include "core/mapping/sheet.hpp"

namespace rekey::web {

namespace {

using mapping::Decision;
using mapping::Section;

std::string counterpart_of(const mapping::SheetLine& line) {
  if (!line.choice) return "";
  return line.choice->name.empty() ? line.choice->theirs : line.choice->name;
}

std::string state_of(const mapping::SheetLine& line) {
  if (!line.choice) return say("option.undecided");
  switch (mapping::decision_of(*line.choice)) {
    case Decision::chosen:
      return say("row.chosen");
    case Decision::none:
      return say("row.none");
    case Decision::create:
      return say("row.create");
  }
  return "";
}

/// The heads of the columns, and a row for each line.
wire::Json table_of(Section section, wire::Json rows, const Model& model) {
  const auto id = std::string("section.").append(wire::name_of(section)).append(".title");
  return {{"name", say(id)},
          {"head",
           {say("rows.yours", {{"host", model.page.host}}), say("rows.theirs"), say("rows.state")}},
          {"rows", std::move(rows)}};
}

wire::Json facts_of(const Model& model) {
  const auto& mapping = *model.mapping;
  const auto& phase = model.page.state.save.phase;
  const auto* saved = std::get_if<save::Saved>(&phase);
  auto out = wire::Json::array();
  out.push_back(firm_and_person(model.page.tenant, model.person()));
  out.push_back(say("paper.company", {{"company", mapping.company.name}}));
  out.push_back(saved ? say("save.saved_at", {{"at", day_and_time(saved->at)}})
                      : say("paper.not_saved"));
  out.push_back(say("paper.printed", {{"at", day_and_time(model.now())}}));
  return out;
}

wire::Json settings_of(const Mapping& mapping) {
  std::string terms = say("settings.terms_default");
  for (const auto& each : mapping.terms)
    if (each.id == mapping.settings.terms) terms = each.name;
  const auto yes_or_no = [](bool yes) { return say(yes ? "company.yes" : "company.no"); };
  auto rows = wire::Json::array();
  rows.push_back({say("settings.terms"), terms});
  if (mapping::is_among(Section::customers, mapping.order))
    rows.push_back(
        {say("settings.create_customers"), yes_or_no(mapping.settings.create_customers)});
  if (mapping::is_among(Section::suppliers, mapping.order))
    rows.push_back(
        {say("settings.create_suppliers"), yes_or_no(mapping.settings.create_suppliers)});
  return {
      {"name", say("settings.title")}, {"head", wire::Json::array()}, {"rows", std::move(rows)}};
}

}  // namespace

Result<std::string> paper(const std::string& sheet, const Model& model) {
  const auto read = mapping::read_sheet(sheet);
  if (!read) return tl::unexpected(read.error());
  if (!read->faults.empty()) return tl::unexpected(Error{Code::unreadable, "", "a line of it"});
  std::map<Section, wire::Json> rows;
  for (const auto& line : read->lines) {
    auto& all = rows.try_emplace(line.section, wire::Json::array()).first->second;
    all.push_back(
        {line.name.empty() ? line.ours : line.name, counterpart_of(line), state_of(line)});
  }
  auto tables = wire::Json::array();
  for (const auto section : model.mapping->order)
    if (auto at = rows.find(section); at != rows.end())
      tables.push_back(table_of(section, std::move(at->second), model));
  tables.push_back(settings_of(*model.mapping));
  return wire::dump({{"title", say("paper.title", {{"host", model.page.host}})},
                     {"facts", facts_of(model)},
                     {"tables", std::move(tables)}});
}

}  // namespace rekey::web
