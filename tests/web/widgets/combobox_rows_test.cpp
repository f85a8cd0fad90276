#include "web/widget/combobox_rows.hpp"

#include <catch2/catch_all.hpp>

#include "web/platform/script_canvas.hpp"

using namespace rekey::web;

// The browser folds anything that is not ASCII; here it knows one word.
std::string rekey::web::script_canvas::fold(std::string_view words) {
  std::string result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words.substr(i, 2) == "\u00d6" || words.substr(i, 2) == "\u00f6") {
      result += 'o';
      ++i;
    } else {
      result += words[i] >= 'A' && words[i] <= 'Z' ? static_cast<char>(words[i] + 32) : words[i];
    }
  }
  return result;
}

namespace {

const std::vector<Option> options{{"1", "Birch Tools"},
                                  {"2", "Amber Birch"},
                                  {"3", "Silverbirch", "No. 77"},
                                  {"4", "\u00d6rtel", "Birch Lane"},
                                  {"5", "Cedar"}};

}  // namespace

TEST_CASE("combobox rows: without words all are listed, suggestions first and once") {
  const std::vector<std::string> suggested{"5", "3", "5", "unknown"};
  const Combobox box{.name = "x", .options = options, .suggested = suggested, .none_label = "None"};
  CHECK(rows_of(box, "") == std::vector<int>{-1, 4, 2, 0, 1, 3});
  CHECK(rows_of(box, "  ") == std::vector<int>{-1, 4, 2, 0, 1, 3});
}

TEST_CASE("combobox rows: beginnings come before words, words before parts and details") {
  const Combobox box{.name = "x", .options = options, .none_label = "None"};
  CHECK(rows_of(box, "birch") == std::vector<int>{0, 1, 2, 3});
  CHECK(rows_of(box, "BIRCH ") == std::vector<int>{0, 1, 2, 3});
  CHECK(rows_of(box, "77") == std::vector<int>{2});
  CHECK(rows_of(box, "nothing like it").empty());
}

TEST_CASE("combobox rows: case and accents make no difference") {
  const Combobox box{.name = "x", .options = options};
  CHECK(rows_of(box, "ort") == std::vector<int>{3});
  CHECK(rows_of(box, "\u00f6RT") == std::vector<int>{3});
}

TEST_CASE("combobox rows: changed options are searched once the revision says so") {
  std::vector<Option> changing{{"1", "Amber"}};
  CHECK(rows_of({.name = "x", .options = changing, .revision = 1}, "amb").size() == 1);
  changing[0].label = "Birch";
  CHECK(rows_of({.name = "x", .options = changing, .revision = 2}, "amb").empty());
}

TEST_CASE("combobox rows: a value is found where it was, or wherever it went") {
  const Combobox box{.name = "x", .options = options};
  CHECK(index_of(box, "3", 2) == 2);
  CHECK(index_of(box, "3", 0) == 2);
  CHECK(index_of(box, "3", 99) == 2);
  CHECK(index_of(box, "gone", 2) == -1);
  CHECK(index_of(box, "", 2) == -1);
}

TEST_CASE("combobox rows: options that were looked up are all listed, as they came") {
  const std::vector<std::string> suggested{"5"};
  const Combobox box{.name = "x", .options = options, .suggested = suggested, .looked_up = true};
  CHECK(rows_of(box, "birch") == std::vector<int>{0, 1, 2, 3, 4});
  CHECK(rows_of(box, "") == std::vector<int>{0, 1, 2, 3, 4});
}
