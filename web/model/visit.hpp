// What the parts of the page share: what is known, the backend, and whose connection this tab
// shows.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "web/model/backend.hpp"
#include "web/model/model.hpp"

namespace rekey::web {

/// What is said of trouble, under a title of the catalogue. What the state machine refused is
/// nothing that went wrong.
Message message_of(const Trouble& trouble, std::string_view title);

struct Visit {
  Model model;
  std::unique_ptr<Backend> backend;
  std::string connection;                   ///< the one this tab shows; empty: not known yet
  int generation = 0;                       ///< answers to what an earlier one asked are not used
  wire::Json looks = wire::Json::object();  ///< of the sections, before the page was loaded anew

  /// To be called when a newer state of the connection may have arrived.
  std::function<void()> stepped;
  /// To be called when an answer shows that the page cannot be shown any more.
  std::function<void(const Trouble&)> ended;

  /// Under which the tab keeps something of this connection, through a reload.
  std::string own_key(std::string_view name) const;
  /// Takes the answer to something that changed the connection.
  void take(const wire::Outcome& outcome);
  /// Says that something went wrong (`title` is an id of the catalogue), and asks how things stand:
  /// the page must not go on showing what may no longer be so. A session that ended ends the page.
  void failed(const Trouble& trouble, std::string_view title,
              std::optional<Message> Model::*where = &Model::message);
  /// Asks how things stand.
  void refresh();
};

}  // namespace rekey::web
