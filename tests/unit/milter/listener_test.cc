#include "milter/listener.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

TEST(OpenListener, NamesTheFolderThatIsNotThere) {
  const Result<void> opened =
      OpenListener("unix:/nonexistent/postern.sock", 0660);
  ASSERT_FALSE(opened);
  EXPECT_TRUE(opened.error().message.ends_with(
      ": /nonexistent: No such file or directory"))
      << opened.error().message;
}

}  // namespace
}  // namespace postern
