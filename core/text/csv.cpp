#include "core/text/csv.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "core/text/catalogue.hpp"
#include "core/text/fold.hpp"

namespace rekey::text {

namespace {

/// Windows-1252 from 0x80 to 0x9F; the rest is Latin-1. Five bytes that it leaves free stay
/// controls.
constexpr std::array<char32_t, 32> windows_1252 = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

char32_t from_1252(unsigned char byte) {
  return byte >= 0x80 && byte < 0xA0 ? windows_1252[byte - 0x80U] : byte;
}

std::string from_utf16(std::string_view bytes, bool little) {
  std::u32string points;
  const auto unit = [&](std::size_t at) {
    const auto one = static_cast<unsigned char>(bytes[at]),
               two = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<char32_t>(little ? one | two << 8 : one << 8 | two);
  };
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    char32_t point = unit(at);
    const bool high = point >= 0xD800 && point < 0xDC00;
    if (high && at + 3 < bytes.size() && unit(at + 2) >= 0xDC00 && unit(at + 2) < 0xE000) {
      point = 0x10000 + ((point - 0xD800) << 10) + (unit(at + 2) - 0xDC00);
      at += 2;
    } else if (point >= 0xD800 && point < 0xE000) {
      point = 0xFFFD;  // half a character
    }
    points += point;
  }
  return utf8(points);
}

/// Without a byte order mark: every second byte of a text in Latin letters is zero.
bool has_zeros_at(std::string_view bytes, std::size_t first) {
  std::size_t zeros = 0, all = 0;
  for (std::size_t at = first; at < std::min<std::size_t>(bytes.size(), 4000); at += 2, ++all)
    if (bytes[at] == '\0') ++zeros;
  return all >= 2 && zeros * 2 > all;
}

/// The length of the UTF-8 sequence that begins here; 0: none does.
std::size_t sequence(std::string_view bytes, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U;
  };
  const unsigned first = byte(at);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 && first < 0xF5   ? 4
                             : first >= 0xE0 && first < 0xF0 ? 3
                             : first >= 0xC2 && first < 0xE0 ? 2
                                                             : 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(at + i) & 0xC0U) != 0x80) return 0;
  const unsigned second = byte(at + 1);
  const bool bad = (first == 0xE0 && second < 0xA0) || (first == 0xED && second >= 0xA0) ||
                   (first == 0xF0 && second < 0x90) || (first == 0xF4 && second >= 0x90);
  return bad ? 0 : length;
}

/// Windows-1252 as a whole where more than that would be broken UTF-8; else only the broken bytes.
std::string from_bytes(std::string_view bytes) {
  std::size_t whole = 0, broken = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto length = sequence(bytes, at);
    if (length == 0) ++broken;
    if (length > 1) ++whole;
    at += std::max<std::size_t>(length, 1);
  }
  if (broken == 0) return std::string(bytes);
  std::string out;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto length = broken > whole ? 0 : sequence(bytes, at);
    if (length == 0) {
      out += utf8(std::u32string(1, from_1252(static_cast<unsigned char>(bytes[at]))));
      ++at;
    } else {
      out += bytes.substr(at, length);
      at += length;
    }
  }
  return out;
}

/// Reads the cells of a text, one after the other.
class CellReader {
 public:
  CellReader(std::string_view text, char separator) : text_(text), separator_(separator) {}

  /// The next row; false at the end, or at a quote that never ends.
  bool row(std::vector<std::string>& out) {
    out.clear();
    if (at_ >= text_.size()) return false;
    line_of_row_ = line_;
    for (;;) {
      if (!one_cell(out.emplace_back())) return false;
      if (at_ < text_.size() && text_[at_] == separator_) {
        ++at_;
        continue;
      }
      end_line();
      return true;
    }
  }
  bool is_broken() const { return broken_; }
  std::size_t line_of_row() const { return line_of_row_; }

 private:
  bool is_end_of_cell(std::size_t at) const {
    return at >= text_.size() || text_[at] == separator_ || text_[at] == '\n' || text_[at] == '\r';
  }
  bool is_space(std::size_t at) const {
    return text_[at] == ' ' || (text_[at] == '\t' && separator_ != '\t');
  }

  void end_line() {
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ < text_.size() && text_[at_] == '\n') ++at_;
    ++line_;
  }

  bool one_cell(std::string& out) {
    while (at_ < text_.size() && is_space(at_)) ++at_;
    if (at_ < text_.size() && text_[at_] == '"') return quoted(out);
    const auto from = at_;
    while (!is_end_of_cell(at_)) ++at_;
    out.assign(text_.substr(from, at_ - from));
    out.erase(out.find_last_not_of(" \t") + 1);
    return true;
  }

  bool quoted(std::string& out) {
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') ++line_;
      if (c != '"') {
        out += c;
        continue;
      }
      if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        out += text_[at_++];
        continue;
      }
      auto end = at_ + 1;
      while (end < text_.size() && is_space(end)) ++end;
      if (is_end_of_cell(end)) {
        at_ = end;
        return true;
      }
      out += c;  // a quote that should have been doubled
    }
    broken_ = true;
    return false;
  }

  std::string_view text_;
  char separator_;
  std::size_t at_ = 0, line_ = 1, line_of_row_ = 1;
  bool broken_ = false;
};

char separator_of(std::string_view text) {
  constexpr std::string_view known = ",;\t|";
  std::array<std::size_t, known.size()> count{};
  bool in_quotes = false;
  for (const char c : text) {
    if (c == '"') in_quotes = !in_quotes;
    if (!in_quotes && (c == '\n' || c == '\r')) break;
    if (const auto at = known.find(c); !in_quotes && at != std::string_view::npos) ++count[at];
  }
  return known[static_cast<std::size_t>(std::max_element(count.begin(), count.end()) -
                                        count.begin())];
}

/// "sep=;" in a line of its own, as spreadsheets write it, names the separator and is no row.
std::optional<char> named_separator(std::string_view& text) {
  if (!text.starts_with("sep=") || text.size() < 6) return {};
  const char separator = text[4];
  if (text[5] != '\n' && text[5] != '\r') return {};
  text.remove_prefix(6);
  if (text.starts_with('\n')) text.remove_prefix(1);
  return separator;
}

}  // namespace

std::string to_utf8(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return from_bytes(bytes.substr(3));
  if (bytes.starts_with("\xFF\xFE")) return from_utf16(bytes.substr(2), true);
  if (bytes.starts_with("\xFE\xFF")) return from_utf16(bytes.substr(2), false);
  if (has_zeros_at(bytes, 1)) return from_utf16(bytes, true);
  if (has_zeros_at(bytes, 0)) return from_utf16(bytes, false);
  return from_bytes(bytes);
}

Result<Table> read_table(std::string_view text, std::size_t most_rows) {
  constexpr std::size_t most_columns = 256;
  while (!text.empty() && (text[0] == '\n' || text[0] == '\r')) text.remove_prefix(1);
  const auto named = named_separator(text);
  CellReader reader(text, named ? *named : separator_of(text));
  Table out;
  std::vector<std::string> row;
  if (reader.row(out.header)) {
    if (out.header.size() > most_columns)
      return fail(Code::bad_input, fill("The table has more than {count} columns.",
                                        {{"count", std::to_string(most_columns)}}));
    while (reader.row(row)) {
      if (std::all_of(row.begin(), row.end(), [](const auto& each) { return each.empty(); }))
        continue;
      if (out.rows.size() == most_rows)
        return fail(Code::bad_input, fill("The table has more than {count} rows.",
                                          {{"count", std::to_string(most_rows)}}));
      row.resize(out.header.size());
      out.rows.push_back(row);
    }
  }
  if (reader.is_broken())
    return fail(Code::bad_input,
                fill("The quote that begins in the row at line {line} is never closed.",
                     {{"line", std::to_string(reader.line_of_row())}}));
  if (std::all_of(out.header.begin(), out.header.end(),
                  [](const auto& each) { return each.empty(); }))
    return fail(Code::bad_input, "There is no header row that names the columns.");
  return out;
}

std::string cell(std::string_view value) {
  const bool plain = value.find_first_of(",;\t\"\r\n|") == std::string_view::npos &&
                     !value.starts_with(' ') && !value.ends_with(' ');
  if (plain) return std::string(value);
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"') out += '"';
    out += c;
  }
  return out += '"';
}

}  // namespace rekey::text
