#include "milter/carry_out.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_mta.h"

namespace postern {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(CarryOut, SendsEditsInTheirOrder) {
  FakeMta mta;
  const std::vector<Edit> edits = {
      SetHeader{.name = "Date", .index = 1, .value = " today"},
      DeleteHeader{.name = "Bcc", .index = 2},
      ReplaceBody{.body = Body::FromString("x")},
      ChangeSender{.mail_from = "b@example.com"},
      DeleteRecipient{.address = "c@example.org"},
      InsertHeader{.name = "DKIM-Signature", .value = " v=1"},
  };
  EXPECT_TRUE(CarryOut(edits, 2, mta));
  EXPECT_THAT(mta.edits,
              ElementsAre("set Date 1: today", "delete Bcc 2", "body x",
                          "sender <b@example.com>", "unrcpt <c@example.org>",
                          "insert DKIM-Signature: v=1"));
}

TEST(CarryOut, NeverDeletesTheLastRecipient) {
  FakeMta mta;
  const std::vector<Edit> edits = {
      InsertHeader{.name = "X", .value = " y"},
      DeleteRecipient{.address = "c@example.org"},
  };
  EXPECT_FALSE(CarryOut(edits, 1, mta));
  EXPECT_THAT(mta.edits, IsEmpty());
}

TEST(CarryOut, DeletesTheLastRecipientForAnotherInHisPlace) {
  FakeMta mta;
  const std::vector<Edit> edits = {
      AddRecipient{{.address = "c%example.org@route.invalid", .args = {}}},
      DeleteRecipient{.address = "c@example.org"},
  };
  EXPECT_TRUE(CarryOut(edits, 1, mta));
  EXPECT_THAT(mta.edits, ElementsAre("rcpt <c%example.org@route.invalid>",
                                     "unrcpt <c@example.org>"));
}

TEST(CarryOut, FailsWhenTheMtaDoesNotTakeAnEdit) {
  FakeMta mta;
  mta.edits_until_lost = 1;
  const std::vector<Edit> edits = {
      InsertHeader{.name = "X", .value = " y"},
      InsertHeader{.name = "Z", .value = " y"},
  };
  EXPECT_FALSE(CarryOut(edits, 1, mta));
}

// One bad edit at the end: the good ones before it are not sent either.
class CarryOutRefuses : public testing::TestWithParam<Edit> {};

TEST_P(CarryOutRefuses, BeforeTheFirstEditIsSent) {
  FakeMta mta;
  const std::vector<Edit> edits = {InsertHeader{.name = "X", .value = " y"},
                                   GetParam()};
  EXPECT_FALSE(CarryOut(edits, 9, mta));
  EXPECT_THAT(mta.edits, IsEmpty());
}

using std::string_literals::operator""s;

INSTANTIATE_TEST_SUITE_P(
    Unsendable, CarryOutRefuses,
    testing::Values(Edit(InsertHeader{.name = "X", .value = " a\r\n b"}),
                    Edit(InsertHeader{.name = "X", .value = " a\rb"}),
                    Edit(InsertHeader{.name = "X", .value = " a\nEvil: b"}),
                    Edit(InsertHeader{.name = "X", .value = " a\n"}),
                    Edit(SetHeader{.name = "X", .value = " a\0b"s}),
                    Edit(SetHeader{.name = "", .value = " a"}),
                    Edit(SetHeader{.name = "X:", .value = " a"}),
                    Edit(SetHeader{.name = "X\xc3", .value = " a"}),
                    Edit(DeleteHeader{.name = "X", .index = 0}),
                    Edit(ChangeSender{.mail_from = "a\r\n@b"}),
                    Edit(AddRecipient{{.address = "a\r@b", .args = {}}}),
                    Edit(AddRecipient{{.address = "a@b", .args = {"\n"}}}),
                    Edit(DeleteRecipient{.address = "a\0@b"s})));

TEST(CarryOut, SendsFoldsAndEightBitValues) {
  FakeMta mta;
  const std::vector<Edit> edits = {
      InsertHeader{.name = "X", .value = " a\n\tb \xc3\xa9"}};
  EXPECT_TRUE(CarryOut(edits, 1, mta));
}

}  // namespace
}  // namespace postern
