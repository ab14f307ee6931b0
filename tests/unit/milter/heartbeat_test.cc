#include "milter/heartbeat.h"

#include <gtest/gtest.h>

#include "tests/support/fake_mta.h"

namespace postern {
namespace {

using std::chrono::milliseconds;

// Waits for the thing itself, not for a time.
void WaitForProgress(const FakeMta& mta, int count) {
  while (mta.progress.load() < count) std::this_thread::yield();
}

TEST(Heartbeat, TellsEveryWaitingMtaAgainAndAgain) {
  Heartbeat heartbeat({.wake = milliseconds(1), .silence = milliseconds(2)});
  FakeMta one, other;
  const Heartbeat::Watch watch_one(&heartbeat, one);
  const Heartbeat::Watch watch_other(&heartbeat, other);
  WaitForProgress(one, 3);
  WaitForProgress(other, 3);
}

TEST(Heartbeat, LetsGoWhenTheWatchEnds) {
  Heartbeat heartbeat({.wake = milliseconds(1), .silence = milliseconds(1)});
  FakeMta first, second;
  {
    const Heartbeat::Watch watch(&heartbeat, first);
    WaitForProgress(first, 1);
  }
  const int before = first.progress;
  const Heartbeat::Watch watch(&heartbeat, second);
  WaitForProgress(second, 5);
  EXPECT_EQ(first.progress, before);
}

TEST(Heartbeat, SaysNothingDuringAShortJudgement) {
  Heartbeat heartbeat;
  FakeMta mta;
  {
    const Heartbeat::Watch watch(&heartbeat, mta);
  }
  EXPECT_EQ(mta.progress, 0);
}

}  // namespace
}  // namespace postern
