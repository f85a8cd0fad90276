#include "native/intuit/page_text.hpp"

#include <algorithm>
#include <array>

#include "native/intuit/rows.hpp"
#include "native/system/rfc3339.hpp"

namespace rekey::intuit {

namespace {

using wire::Json;

// (`wire::parse` refuses what is deeper than 64, and says so.)
constexpr int deepest_row = 60;

/// Writes one value as `wire::dump` writes it, piece by piece: without blanks, the members of an
/// object in the order of their names, of those of one name the last.
class ValueText {
 public:
  void start(bool object) {
    separate();
    open_.push_back({text_.size(), names_.size(), object});
    text_ += object ? '{' : '[';
  }
  void name(std::string_view name) {
    separate();
    names_.push_back({std::string(name), text_.size()});
    put(name);
    text_ += ':';
  }
  void value(std::string_view text) {
    separate();
    text_ += text;
  }
  void string(std::string_view text) {
    separate();
    put(text);
  }
  void end() {
    const auto open = open_.back();
    open_.pop_back();
    if (open.object) put_in_order(open.names);
    text_ += open.object ? '}' : ']';
  }
  std::string take() { return std::exchange(text_, {}); }

 private:
  struct Open {
    std::size_t from, names;
    bool object;
  };
  struct Name {
    std::string text;
    std::size_t at;  ///< where the member begins
  };

  // (A text ends in a quotation mark, so that these are never part of one.)
  void separate() {
    if (text_.empty()) return;
    const char last = text_.back();
    if (last != '{' && last != '[' && last != ':') text_ += ',';
  }

  void put(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    constexpr std::string_view named = "\b\t\n\f\r\"\\", letters = "btnfr\"\\";
    const auto plain = [](char c) {
      return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
    };
    text_ += '"';
    while (!text.empty()) {
      const auto end = std::find_if_not(text.begin(), text.end(), plain);
      const auto count = static_cast<std::size_t>(end - text.begin());
      text_ += text.substr(0, count);
      if (count == text.size()) break;
      text_ += '\\';
      const auto byte = static_cast<unsigned char>(text[count]);
      if (const auto at = named.find(text[count]); at != named.npos)
        text_ += letters[at];
      else
        text_.append("u00") += {digits[byte >> 4], digits[byte & 15]};
      text.remove_prefix(count + 1);
    }
    text_ += '"';
  }

  void put_in_order(std::size_t first) {
    const auto begin = names_.begin() + static_cast<std::ptrdiff_t>(first);
    const auto falls = [](const Name& a, const Name& b) { return a.text >= b.text; };
    if (std::adjacent_find(begin, names_.end(), falls) != names_.end()) sort_members(first);
    names_.resize(first);
  }

  void sort_members(std::size_t first) {
    struct Member {
      std::string_view name;
      std::size_t at, size;
    };
    std::vector<Member> members;
    for (auto i = first; i < names_.size(); ++i) {
      const auto end = i + 1 < names_.size() ? names_[i + 1].at - 1 : text_.size();
      members.push_back({names_[i].text, names_[i].at, end - names_[i].at});
    }
    std::stable_sort(members.begin(), members.end(),
                     [](const Member& a, const Member& b) { return a.name < b.name; });
    std::string ordered;
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i + 1 < members.size() && members[i + 1].name == members[i].name) continue;
      if (!ordered.empty()) ordered += ',';
      ordered.append(text_, members[i].at, members[i].size);
    }
    text_.replace(names_[first].at, std::string::npos, ordered);
  }

  std::string text_;
  std::vector<Open> open_;
  std::vector<Name> names_;  // of the members of what is open
};

/// Hears what stands in an answer (nlohmann's SAX interface). Gives false where it is not the usual
/// form.
class PageReader {
 public:
  explicit PageReader(std::string_view name) : name_(name) {}

  bool null() { return value("null"); }
  bool boolean(bool it) { return value(it ? "true" : "false"); }
  bool number_integer(Json::number_integer_t it) { return whole_number(std::to_string(it)); }
  bool number_unsigned(Json::number_unsigned_t it) { return whole_number(std::to_string(it)); }
  bool number_float(Json::number_float_t it, const std::string&) { return value(Json(it).dump()); }
  bool binary(Json::binary_t&) { return false; }
  bool parse_error(std::size_t, const std::string&, const Json::exception&) { return false; }
  bool start_object(std::size_t) { return start(true); }
  bool start_array(std::size_t) { return start(false); }
  bool end_object() { return end(); }
  bool end_array() { return end(); }

  bool string(const std::string& it) {
    if (place_ == Place::row) {
      // No database key, no statement and no address has a zero in it.
      if (is_id()) id_ = it.find('\0') == std::string::npos ? it : "";
      text_.string(it);
      return true;
    }
    if (place_ == Place::answer && member_ == "time") page_.time = read_rfc3339(it);
    return value({});
  }

  bool key(const std::string& it) {
    member_ = it;
    const auto odd = [&](std::string_view usual) { return it != usual && is_same_word(it, usual); };
    if (place_ == Place::answer)
      return !odd("QueryResponse") && !odd("time") && !is_same_word(it, "Fault");
    if (place_ == Place::response) return !odd(name_);
    if (place_ != Place::row) return true;
    text_.name(it);
    return depth_ > 1 || !odd("Id");
  }

  std::optional<accounting::Page> page() && {
    if (place_ != Place::after || !has_response_) return {};
    return std::move(page_);
  }

 private:
  enum class Place { before, answer, response, rows, row, other, after };

  bool is_id() const { return depth_ == 1 && member_ == "Id"; }

  /// One that is neither a text nor opens something; in a row, `text` is how it is written.
  bool value(std::string_view text) {
    if (place_ == Place::row) {
      if (is_id()) id_.clear();
      text_.value(text);
    }
    if (place_ == Place::answer) return member_ != "QueryResponse";
    if (place_ == Place::response) return member_ != name_;
    return place_ != Place::before && place_ != Place::rows;
  }

  bool whole_number(const std::string& text) {
    const bool is_id_of_row = place_ == Place::row && is_id();
    if (!value(text)) return false;
    if (is_id_of_row) id_ = text;
    return true;
  }

  bool start(bool object) {
    switch (place_) {
      case Place::before:
        place_ = Place::answer;
        return object;
      case Place::answer:
        if (member_ != "QueryResponse") return pass_over();
        place_ = Place::response;
        return object && !std::exchange(has_response_, true);
      case Place::response:
        if (member_ != name_) return pass_over();
        if (std::exchange(has_rows_, true)) return false;
        if (object) return begin_row();
        place_ = Place::rows;
        return true;
      case Place::rows:
        return object && begin_row();
      case Place::row:
        if (is_id()) id_.clear();
        text_.start(object);
        return ++depth_ <= deepest_row;
      case Place::other:
        return ++depth_ <= deepest_row;
      case Place::after:
        break;
    }
    return false;
  }

  bool end() {
    switch (place_) {
      case Place::row:
        text_.end();
        return --depth_ > 0 || end_row();
      case Place::other:
        if (--depth_ == 0) place_ = outer_;
        return true;
      case Place::rows:
        place_ = Place::response;
        return true;
      case Place::response:
        place_ = Place::answer;
        return true;
      case Place::answer:
        place_ = Place::after;
        return true;
      case Place::before:
      case Place::after:
        break;
    }
    return false;
  }

  bool pass_over() {
    outer_ = std::exchange(place_, Place::other);
    depth_ = 1;
    return true;
  }

  bool begin_row() {
    outer_ = std::exchange(place_, Place::row);
    depth_ = 1;
    id_.clear();
    text_.start(true);
    return true;
  }

  /// False: one without an id, which is to be set aside.
  bool end_row() {
    place_ = outer_;
    if (id_.empty()) return false;
    page_.rows.push_back({std::move(id_), text_.take()});
    return true;
  }

  const std::string_view name_;
  accounting::Page page_;
  ValueText text_;
  Place place_ = Place::before, outer_ = Place::before;
  std::string member_;  // whose value comes
  std::string id_;      // of the row
  int depth_ = 0;       // in the row, or in what is passed over
  bool has_response_ = false, has_rows_ = false;
};

}  // namespace

std::optional<accounting::Page> page_in(std::string_view body, std::string_view name) {
  PageReader reader(name);
  if (!Json::sax_parse(body.begin(), body.end(), &reader)) return {};
  return std::move(reader).page();
}

}  // namespace rekey::intuit
