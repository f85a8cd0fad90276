// A list that is read a page at a time, by cursors: only the page that is shown is held.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "web/model/message.hpp"

namespace rekey::web {

template <class T>
struct PagedList {
  std::vector<T> rows;  ///< of the page that is shown
  std::size_t page = 0;
  bool read = false;     ///< an answer has come; until then there is nothing to show
  bool reading = false;  ///< an answer is awaited
  std::optional<Message> trouble = {};
  std::vector<std::string> cursors = {""};  ///< where the pages begin that are known of
  std::int64_t asked = 0;                   ///< number of the newest request; others are stale

  bool has_before() const { return page > 0; }
  bool has_after() const { return page + 1 < cursors.size(); }
};

}  // namespace rekey::web
