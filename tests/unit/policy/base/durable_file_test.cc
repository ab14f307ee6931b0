#include "policy/base/durable_file.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/scratch_directory.h"

namespace postern {
namespace {

// The daemon's user may not lend root's hand to write elsewhere.
TEST(AppendToFile, WritesThroughNoSymbolicLink) {
  const ScratchDirectory scratch;
  const std::string target = scratch.name() + "/target";
  const std::string link = scratch.name() + "/link";
  ASSERT_TRUE(WriteNewFile(target, "kept"));
  std::filesystem::create_symlink(target, link);
  EXPECT_FALSE(AppendToFile(link, "more"));
  EXPECT_EQ(ReadWholeFile(target).value(), "kept");
}

TEST(AppendToFile, MakesTheFileAndKeepsWhatItHas) {
  const ScratchDirectory scratch;
  const std::string name = scratch.name() + "/file";
  ASSERT_TRUE(AppendToFile(name, "a\n"));
  ASSERT_TRUE(AppendToFile(name, "b\n"));
  EXPECT_EQ(ReadWholeFile(name).value(), "a\nb\n");
}

TEST(MakeDirectories, NamesWhatCannotBeMade) {
  const Result<void> made = MakeDirectories("/proc/postern/state");
  ASSERT_FALSE(made);
  EXPECT_TRUE(made.error().message.starts_with("/proc/postern: "))
      << made.error().message;
}

}  // namespace
}  // namespace postern
