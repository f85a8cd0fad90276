// The page at work, put together: what the views read and whom they tell of a press.
#pragma once

#include "web/model/places.hpp"
#include "web/model/session.hpp"

namespace rekey::web {

struct LivePage {
  explicit LivePage(std::unique_ptr<Backend> backend) { visit.backend = std::move(backend); }
  LivePage(const LivePage&) = delete;
  LivePage& operator=(const LivePage&) = delete;

  const Model& model() const { return visit.model; }
  Model& model() { return visit.model; }

  Visit visit;
  Commands commands{visit};
  Looking looking{visit};
  Editing editing{visit, looking};
  Session session{visit, commands, editing};
  Places places{visit, looking};
};

}  // namespace rekey::web
