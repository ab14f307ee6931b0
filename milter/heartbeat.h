// Heartbeat: tells MTAs that wait for a slow judgement that we are still at it.
//
// Sendmail gives up after ten silent seconds. One thread wakes every second
// and sends "progress" for each message that has been judged for a while; the
// judgement itself stays on its callback's thread, so that a message costs no
// hand-over to another one. While an Mta is watched its own thread must not
// speak to it; the end of the watch waits until the heartbeat has let go.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "milter/mta.h"
#include "policy/base/clock.h"

namespace postern {

class Heartbeat {
 public:
  // An MTA hears from us after 1.5 to 2.5 s, and then as often.
  struct Pace {
    std::chrono::milliseconds wake{1'000};
    std::chrono::milliseconds silence{1'500};
  };
  Heartbeat() : Heartbeat(Pace{}) {}
  explicit Heartbeat(Pace pace);

 private:
  struct Waiting {
    Mta* mta = nullptr;
    Deadline next;
  };
  using Entry = std::list<Waiting>::iterator;

 public:
  class Watch {
   public:
    Watch(Heartbeat* heartbeat, Mta& mta);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

   private:
    Heartbeat* heartbeat_;
    std::list<Waiting> entry_;  // one node, lent to the heartbeat
    Entry place_;
  };

 private:
  void Run(const std::stop_token& stop);

  const Pace pace_;
  std::mutex mutex_;
  std::list<Waiting> waiting_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace postern
