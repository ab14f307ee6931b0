#include "milter/hook.h"

#include <fstream>
#include <iterator>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/scratch_directory.h"

namespace postern {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Waits until so many have run; a run that never ends fails the test.
void AwaitRuns(const Hook& hook, std::uint64_t runs) {
  const auto deadline = std::chrono::steady_clock::now() + seconds(30);
  while (hook.counts().run < runs) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    std::this_thread::yield();
  }
}

std::string Content(const std::string& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(Hook, IsToldInItsEnvironmentAndByNoShell) {
  const ScratchDirectory place;
  const std::string file = place.name() + "/told";
  Hook hook({"/bin/sh", "-c", "env > \"$0\"", file});
  hook.Run(Hook::Urgency::kWarning,
           {{"EVENT", "hijack-alarm"}, {"LOGIN", "a; touch $(id)\n`b`"}});
  AwaitRuns(hook, 1);
  const std::string told = Content(file);
  EXPECT_NE(told.find("POSTERN_EVENT=hijack-alarm\n"), std::string::npos);
  EXPECT_NE(told.find("POSTERN_LOGIN=a; touch $(id)?`b`\n"), std::string::npos)
      << told;
  EXPECT_EQ(told.find("HOME="), std::string::npos);
  EXPECT_EQ(hook.counts().failed, 0U);
}

TEST(Hook, RunsOneAtATimeInOrder) {
  const ScratchDirectory place;
  const std::string file = place.name() + "/told";
  Hook hook({"/bin/sh", "-c", "echo $POSTERN_N >> \"$0\"", file});
  for (const char* number : {"1", "2", "3"})
    hook.Run(Hook::Urgency::kWarning, {{"N", number}});
  AwaitRuns(hook, 3);
  EXPECT_EQ(Content(file), "1\n2\n3\n");
}

TEST(Hook, KillsWhatTakesTooLong) {
  Hook hook({"/bin/sleep", "1000"}, milliseconds(50));
  hook.Run(Hook::Urgency::kWarning, {});
  AwaitRuns(hook, 1);
  EXPECT_EQ(hook.counts().failed, 1U);
}

TEST(Hook, ItsEndDoesNotWaitForTheCommand) {
  Hook hook({"/bin/sleep", "1000"}, seconds(1'000));
  hook.Run(Hook::Urgency::kWarning, {});
}

TEST(Hook, DropsWhatIsTooMuch) {
  Hook hook({"/bin/sleep", "1000"}, seconds(1'000));
  for (std::size_t i = 0; i < Hook::kMostWaiting + 10; ++i)
    hook.Run(Hook::Urgency::kWarning, {});
  EXPECT_GE(hook.counts().dropped, 9U);
}

TEST(Hook, WarningsCostNoAlarm) {
  const ScratchDirectory place;
  const std::string file = place.name() + "/told";
  const std::string go = place.name() + "/go";
  Hook hook({"/bin/sh", "-c",
             "while [ ! -e \"$1\" ]; do sleep 0.01; done; "
             "echo $POSTERN_N >> \"$0\"",
             file, go});
  for (std::size_t i = 0; i < Hook::kMostWaiting + 10; ++i)
    hook.Run(Hook::Urgency::kWarning, {{"N", "warning"}});
  for (const char* number : {"1", "2"})
    hook.Run(Hook::Urgency::kAlarm, {{"N", number}});
  std::ofstream(go) << "go";
  AwaitRuns(hook, 4);
  // The first had begun, or not, when the alarms came.
  const std::string told = Content(file);
  EXPECT_NE(told.find("1\n2\nwarning\n"), std::string::npos) << told;
  EXPECT_LE(told.find("1\n"), std::string("warning\n").size());
}

TEST(Hook, ACommandThatFailsOrIsNotThereIsCounted) {
  Hook fails({"/bin/false"});
  fails.Run(Hook::Urgency::kWarning, {});
  AwaitRuns(fails, 1);
  EXPECT_EQ(fails.counts().failed, 1U);
  Hook absent({"/nonexistent/hook"});
  absent.Run(Hook::Urgency::kWarning, {});
  AwaitRuns(absent, 1);
  EXPECT_EQ(absent.counts().failed, 1U);
}

TEST(Hook, WithoutACommandDoesNothing) {
  Hook hook({});
  hook.Run(Hook::Urgency::kWarning, {{"EVENT", "x"}});
  EXPECT_EQ(hook.counts().run, 0U);
}

}  // namespace
}  // namespace postern
