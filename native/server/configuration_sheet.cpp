#include <charconv>

#include "core/mapping/sheet.hpp"
#include "native/server/configuration_page.hpp"
#include "native/server/page_problem.hpp"

namespace rekey::server {

namespace {

constexpr int rows_at_once = 500;

/// The rows of all lines, some hundred at a time, in the order in which the page lists them.
class SheetRows {
 public:
  SheetRows(Service& service, store::CompanyKey key) : service_(&service), key_(std::move(key)) {}

  /// The next rows; empty: that was all.
  std::string next() {
    std::string out;
    while (out.empty() && section_ < mapping::all_sections.size()) {
      if (!is_mapped(*service_, mapping::all_sections[section_])) {
        ++section_;
        continue;
      }
      store::LineQuery query{.section = mapping::all_sections[section_], .most = rows_at_once};
      query.after = after_;
      const auto lines = store::lines(*service_->driver.databases().borrow(), key_, query);
      for (const auto& each : lines)
        out += mapping::sheet_row({query.section, each.record.name, each.record.id, each.choice});
      if (lines.size() == rows_at_once) {
        after_ = store::LineAfter{lines.back().folded, lines.back().record.id};
      } else {
        after_.reset();
        ++section_;
      }
    }
    return out;
  }

 private:
  Service* service_;
  store::CompanyKey key_;
  std::size_t section_ = 0;
  std::optional<store::LineAfter> after_;
};

std::vector<store::ChoiceChange> changes_in_sheet(mapping::Sheet sheet) {
  std::vector<store::ChoiceChange> out;
  for (auto& each : sheet.lines)
    out.push_back({each.section, std::move(each.ours), std::move(each.choice)});
  return out;
}

}  // namespace

http::Response get_sheet(Service& service, const http::Request&, const Who& who) {
  std::optional<Book> book;
  {
    auto db = service.driver.databases().borrow();
    book = book_of(*db, who);
  }
  if (!book) return page_problem(Refusal::not_connected);
  http::Response response;
  response.headers = {{"Content-Type", "text/csv; charset=utf-8"},
                      {"Content-Disposition", "attachment; filename=\"mappings.csv\""},
                      {"Cache-Control", "no-store"}};
  SheetRows rows(service, book->key);
  response.body = mapping::sheet_head();
  auto first = rows.next();
  if (first.empty()) return response;
  response.body += first;
  response.more = [rows = std::move(rows)]() mutable { return rows.next(); };
  return response;
}

http::Response put_sheet(Service& service, const http::Request& request, const Who& who) {
  if (const auto type = check_type(request, "text/csv"); !type) return page_problem(type.error());
  const auto text = request.query_value("seen").value_or("");
  std::int64_t seen = -1;
  std::from_chars(text.data(), text.data() + text.size(), seen);
  auto sheet = mapping::read_sheet(request.body);
  if (!sheet) return page_problem(sheet.error());
  wire::SheetAnswer out;
  for (auto& each : sheet->faults) out.faults.push_back({each.row, std::move(each.column)});
  if (!out.faults.empty()) return json_answer(200, wire::write(out));
  const auto changes = changes_in_sheet(std::move(*sheet));
  const auto taken = take_edit<save::Edited>(
      service, who, seen,
      [&](store::Database& db, const store::CompanyKey& key, const store::Edit& edit) {
        auto named = changes;
        store::add_missing_names(db, key, named);
        out.changed = store::put_changes(db, key, edit, named);
      });
  if (!taken) return page_problem(taken.error());
  out.outcome = outcome_in(*taken);
  return json_answer(200, wire::write(out));
}

}  // namespace rekey::server
