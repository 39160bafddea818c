// RuleTester puts the code of each case in place of this file.
export {};
