// Any file as a table: it is UTF-8 afterwards, and a table of even rows or a refusal that says why;
// its cells, written again, read the same.
#include "core/mapping/words.hpp"
#include "core/text/csv.hpp"
#include "core/text/fold.hpp"
#include "tests/fuzz/must.hpp"

using namespace rekey;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = text::to_utf8(fuzz::text(data, size));
  fuzz::must(text::utf8(text::code_points(text)) == text, "what was read is UTF-8");
  const auto table = text::read_table(text);
  if (!table) {
    fuzz::must(!table.error().hint.empty(), "a refusal says why");
    return 0;
  }
  std::string again;
  for (const auto& row : table->rows) {
    fuzz::must(row.size() == table->header.size(), "rows are even");
    for (const auto& each : row) {
      const auto folded = text::fold(each);
      fuzz::must(folded.empty() || (folded.front() != ' ' && folded.back() != ' '),
                 "no spaces around");
      mapping::name_words(each);
      mapping::street_words(each);
      const auto cell = text::read_table("x,y\n" + text::cell(each) + ",1\n");
      fuzz::must(cell && cell->rows.size() == 1 && cell->rows[0][0] == each,
                 "a cell reads the same");
    }
  }
  return 0;
}
