// The store of the limits when it is damaged, full or read-only.
#include <sys/mount.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>

#include <gmock/gmock.h>

#include "policy/base/text.h"
#include "tests/wire/limits_wire.h"

namespace postern {
namespace {

using testing::HasSubstr;

constexpr std::string_view kLocalAndOpen = R"(
[[limits]]
name = "counts-on"
key = ["login"]
rates = ["1/d"]
over = "defer"

[[limits]]
name = "lets-pass"
key = ["mail_from"]
rates = ["1/d"]
over = "defer"
store_down = "open"
)";
constexpr std::string_view kClosed = R"(
[[limits]]
name = "refuses"
key = ["login"]
rates = ["100/d"]
over = "defer"
store_down = "closed"
)";

TEST(DamagedStoreWire, LeavesEachRuleToItsChoice) {
  const FakeDnsServer dns(kZone);
  RunningPostern postern(Enforcing(dns, "", std::string(kLocalAndOpen)));
  postern.Send(SIGTERM);
  EXPECT_EQ(postern.WaitForExit(std::chrono::seconds(60)), 0);
  const auto folder = postern.folder() / "state/limits";
  // What the other file has would mend this one.
  std::filesystem::remove(folder / "counters.db-wal");
  std::ofstream(folder / "counters.db") << std::string(8192, 'x');
  std::ofstream(folder / "warm-up") << "rubbish";
  postern.StartAgain();
  EXPECT_TRUE(postern.LogShows("limits: the store is not used"));
  EXPECT_TRUE(postern.LogShows("warm-up: each begins anew and is not kept"));
  EXPECT_THAT(RunLimits(postern, "status").text,
              HasSubstr("move its directory away"));
  EXPECT_EQ(SendAs(postern, "alice"), MilterVerdict::kContinue);
  EXPECT_NE(SendAs(postern, "alice"), MilterVerdict::kContinue);
  EXPECT_EQ(SendAs(postern, "bob"), MilterVerdict::kContinue);
  EXPECT_TRUE(postern.LogShows("limit-lets-pass:unknown"));
  EXPECT_THAT(RunLimits(postern, "--json status").text,
              HasSubstr(R"("lets-pass":{"warned_80":0,"warned_90":0,)"
                        R"("warned_100":0,"observed":0,"held":0,)"
                        R"("deferred":0,"rejected":0,"passed_uncounted":2,)"));
  postern.WriteConfig(Enforcing(dns, "", std::string(kClosed)));
  postern.Send(SIGHUP);
  EXPECT_TRUE(postern.LogShows("reloaded:"));
  EXPECT_NE(SendAs(postern, "carol"), MilterVerdict::kContinue);
  EXPECT_THAT(RunLimits(postern, "status").text,
              HasSubstr("limit refuses          refused_uncounted 1"));
}

// A file system of its own over the counters, for as long as it lives.
class SmallDisk {
 public:
  SmallDisk(std::filesystem::path folder, unsigned long flags)
      : folder_(std::move(folder)),
        is_there_(mount("tmpfs", folder_.c_str(), "tmpfs", flags,
                        "size=512k") == 0) {}
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    if (is_there_) umount2(folder_.c_str(), MNT_DETACH);
  }
  [[nodiscard]] bool is_there() const { return is_there_; }
  [[nodiscard]] std::filesystem::path filler() const {
    return folder_ / "filler";
  }
  void Fill() const {
    std::ofstream stream(filler(), std::ios::binary);
    while (stream.put('x').flush()) {
    }
  }

 private:
  std::filesystem::path folder_;
  bool is_there_;
};

constexpr std::string_view kClosedAndOpen = R"(
[[limits]]
name = "refuses"
key = ["login"]
rates = ["2/d"]
over = "defer"
store_down = "closed"

[[limits]]
name = "lets-pass"
key = ["client"]
rates = ["100000/d"]
store_down = "open"
)";

class SmallDiskWire : public testing::Test {
 protected:
  void StartOn(unsigned long flags) {
    postern_.Send(SIGTERM);
    EXPECT_EQ(postern_.WaitForExit(std::chrono::seconds(60)), 0);
    disk_ =
        std::make_unique<SmallDisk>(postern_.folder() / "state/limits", flags);
    postern_.StartAgain();
    if (!disk_->is_there()) GTEST_SKIP() << "may not mount";
  }

  FakeDnsServer dns_{kZone};
  RunningPostern postern_{Enforcing(dns_, "", std::string(kClosedAndOpen))};
  std::unique_ptr<SmallDisk> disk_;  // gone before the folder is removed
};

TEST_F(SmallDiskWire, FullLeavesEachRuleToItsChoiceUntilThereIsRoom) {
  StartOn(0);
  if (IsSkipped()) return;
  EXPECT_EQ(SendAs(postern_, "alice"), MilterVerdict::kContinue);
  disk_->Fill();
  int others = 0;  // until one is not written
  EXPECT_TRUE(Comes([&] {
    (void)SendAs(postern_, "bob" + std::to_string(++others));
    return Contains(postern_.Log(), "limits: counters are not written");
  }));
  EXPECT_NE(SendAs(postern_, "carol"), MilterVerdict::kContinue);
  EXPECT_TRUE(
      postern_.LogShows("reason=\"limit refuses: what login=carol has "
                        "sent cannot be told now, try again at 20"));
  std::filesystem::remove(disk_->filler());
  EXPECT_TRUE(postern_.LogShows("limits: counters are written again"));
  EXPECT_EQ(SendAs(postern_, "alice"), MilterVerdict::kContinue);
  EXPECT_NE(SendAs(postern_, "alice"), MilterVerdict::kContinue);
}

TEST_F(SmallDiskWire, ReadOnlyLeavesEachRuleToItsChoice) {
  StartOn(MS_RDONLY);
  if (IsSkipped()) return;
  EXPECT_TRUE(postern_.LogShows("limits: the store is not used"));
  EXPECT_NE(SendAs(postern_, "alice"), MilterVerdict::kContinue);
  postern_.WriteConfig(Enforcing(dns_, "", std::string(kLocalAndOpen)));
  postern_.Send(SIGHUP);
  EXPECT_TRUE(postern_.LogShows("reloaded:"));
  EXPECT_EQ(SendAs(postern_, "alice"), MilterVerdict::kContinue);
  EXPECT_NE(SendAs(postern_, "alice"), MilterVerdict::kContinue);
}

}  // namespace
}  // namespace postern
