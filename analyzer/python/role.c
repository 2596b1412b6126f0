#include "python/role.h"

enum {
  ROLE_INHERIT = ROLE_IGNORE + 1, /* as its parent */
  ROLE_SPECIAL,                   /* see special_role */
};

/* Role of a child by its parent's kind and its own field. What is not here is read. */
static const Role CHILD_ROLES[KIND_COUNT][FIELD_COUNT] = {
  [KIND_ALIASED_IMPORT] = { [FIELD_NAME] = ROLE_IGNORE, [FIELD_ALIAS] = OCCURRENCE_IMPORT },
  [KIND_AS_PATTERN] = { [FIELD_NONE] = ROLE_INHERIT, [FIELD_ALIAS] = ROLE_SPECIAL },
  [KIND_AS_PATTERN_TARGET] = { [FIELD_NONE] = ROLE_INHERIT },
  [KIND_ASSIGNMENT] = { [FIELD_LEFT] = ROLE_SPECIAL },
  [KIND_ATTRIBUTE] = { [FIELD_ATTRIBUTE] = ROLE_IGNORE },
  [KIND_AUGMENTED_ASSIGNMENT] = { [FIELD_LEFT] = OCCURRENCE_AUGMENT },
  [KIND_CASE_CLAUSE] = { [FIELD_NONE] = OCCURRENCE_CAPTURE },
  [KIND_CASE_PATTERN] = { [FIELD_NONE] = ROLE_INHERIT },
  [KIND_CLASS_DEFINITION] = { [FIELD_NAME] = OCCURRENCE_CLASS,
                              [FIELD_TYPE_PARAMETERS] = OCCURRENCE_PARAMETER },
  [KIND_CLASS_PATTERN] = { [FIELD_NONE] = ROLE_SPECIAL },
  [KIND_CONSTRAINED_TYPE] = { [FIELD_NONE] = ROLE_SPECIAL },
  [KIND_DEFAULT_PARAMETER] = { [FIELD_NAME] = ROLE_INHERIT },
  [KIND_DELETE_STATEMENT] = { [FIELD_NONE] = OCCURRENCE_DELETE },
  [KIND_DICT_PATTERN] = { [FIELD_NONE] = ROLE_INHERIT, [FIELD_VALUE] = ROLE_INHERIT },
  [KIND_DICTIONARY_SPLAT_PATTERN] = { [FIELD_NONE] = ROLE_INHERIT },
  [KIND_DOTTED_NAME] = { [FIELD_NONE] = ROLE_SPECIAL },
  [KIND_EXCEPT_CLAUSE] = { [FIELD_ALIAS] = OCCURRENCE_EXCEPT },
  [KIND_FOR_IN_CLAUSE] = { [FIELD_LEFT] = OCCURRENCE_FOR },
  [KIND_FOR_STATEMENT] = { [FIELD_LEFT] = OCCURRENCE_FOR },
  [KIND_FUNCTION_DEFINITION] = { [FIELD_NAME] = OCCURRENCE_FUNCTION,
                                 [FIELD_TYPE_PARAMETERS] = OCCURRENCE_PARAMETER,
                                 [FIELD_PARAMETERS] = OCCURRENCE_PARAMETER },
  [KIND_FUTURE_IMPORT_STATEMENT] = { [FIELD_NAME] = OCCURRENCE_IMPORT },
  [KIND_GENERIC_TYPE] = { [FIELD_NONE] = ROLE_SPECIAL },
  [KIND_GLOBAL_STATEMENT] = { [FIELD_NONE] = OCCURRENCE_DECLARE },
  [KIND_IMPORT_FROM_STATEMENT] = { [FIELD_MODULE_NAME] = ROLE_IGNORE,
                                   [FIELD_NAME] = OCCURRENCE_IMPORT },
  [KIND_IMPORT_STATEMENT] = { [FIELD_NAME] = OCCURRENCE_IMPORT },
  [KIND_KEYWORD_ARGUMENT] = { [FIELD_NAME] = ROLE_IGNORE },
  [KIND_KEYWORD_PATTERN] = { [FIELD_NONE] = ROLE_SPECIAL },
  [KIND_LAMBDA] = { [FIELD_PARAMETERS] = OCCURRENCE_PARAMETER },
  [KIND_LAMBDA_PARAMETERS] = { [FIELD_NONE] = ROLE_INHERIT },
  [KIND_LIST] = { [FIELD_NONE] = ROLE_INHERIT },
  [KIND_LIST_PATTERN] = { [FIELD_NONE] = ROLE_INHERIT },
  [KIND_LIST_SPLAT] = { [FIELD_NONE] = ROLE_INHERIT },
  [KIND_LIST_SPLAT_PATTERN] = { [FIELD_NONE] = ROLE_INHERIT },
  [KIND_MEMBER_TYPE] = { [FIELD_NONE] = ROLE_SPECIAL },
  [KIND_NAMED_EXPRESSION] = { [FIELD_NAME] = OCCURRENCE_WALRUS },
  [KIND_NONLOCAL_STATEMENT] = { [FIELD_NONE] = OCCURRENCE_DECLARE },
  [KIND_PARAMETERS] = { [FIELD_NONE] = ROLE_INHERIT },
  [KIND_RELATIVE_IMPORT] = { [FIELD_NONE] = ROLE_INHERIT },
  [KIND_SPLAT_PATTERN] = { [FIELD_NONE] = ROLE_INHERIT },
  [KIND_SPLAT_TYPE] = { [FIELD_NONE] = ROLE_INHERIT },
  [KIND_TUPLE] = { [FIELD_NONE] = ROLE_INHERIT },
  [KIND_TUPLE_PATTERN] = { [FIELD_NONE] = ROLE_INHERIT },
  [KIND_TYPE] = { [FIELD_NONE] = ROLE_INHERIT },
  [KIND_TYPE_ALIAS_STATEMENT] = { [FIELD_LEFT] = OCCURRENCE_ASSIGN },
  [KIND_TYPE_PARAMETER] = { [FIELD_NONE] = ROLE_INHERIT },
  [KIND_TYPED_DEFAULT_PARAMETER] = { [FIELD_NAME] = ROLE_INHERIT },
  [KIND_TYPED_PARAMETER] = { [FIELD_NONE] = ROLE_INHERIT },
  [KIND_UNION_PATTERN] = { [FIELD_NONE] = ROLE_INHERIT },
};

/* The first name of a dotted one is bound by an import and read by a pattern; one that stands
   alone in a pattern is a capture. */
static Role dotted_name_role(const Tree *tree, Node parent, Node child, Role inherited) {
  if (child != tree_first(tree, parent)) return ROLE_IGNORE;
  bool is_alone = tree_next(tree, child) == NODE_NONE;
  return inherited == OCCURRENCE_CAPTURE && !is_alone ? OCCURRENCE_READ : inherited;
}

static Role special_role(const Tree *tree, Node parent, Node child, Role inherited) {
  bool is_first = child == tree_first(tree, parent);
  switch (tree_kind(tree, parent)) {
  case KIND_ASSIGNMENT:
    return tree_child(tree, parent, FIELD_RIGHT) == NODE_NONE ? OCCURRENCE_DECLARE
                                                              : OCCURRENCE_ASSIGN;
  case KIND_AS_PATTERN:
    return tree_is(tree, tree_parent(tree, parent), KIND_EXCEPT_CLAUSE) ? OCCURRENCE_EXCEPT
                                                                        : OCCURRENCE_WITH;
  case KIND_CLASS_PATTERN:
    return tree_is(tree, child, KIND_DOTTED_NAME) ? OCCURRENCE_READ : inherited;
  case KIND_DOTTED_NAME:
    return dotted_name_role(tree, parent, child, inherited);
  case KIND_KEYWORD_PATTERN:
    return is_first ? ROLE_IGNORE : inherited;
  case KIND_CONSTRAINED_TYPE:
    return is_first ? inherited : OCCURRENCE_READ;
  case KIND_GENERIC_TYPE: // `type A[T] = …` declares T, an annotation `A[T]` reads it.
    return inherited == OCCURRENCE_ASSIGN && tree_is(tree, child, KIND_TYPE_PARAMETER)
      ? OCCURRENCE_PARAMETER
      : inherited;
  case KIND_MEMBER_TYPE:
    return is_first ? OCCURRENCE_READ : ROLE_IGNORE;
  default:
    return OCCURRENCE_READ;
  }
}

Role role_of(const Tree *tree, const Role *roles, Node node) {
  Node parent = tree_parent(tree, node);
  Role role = CHILD_ROLES[tree_kind(tree, parent)][tree_field(tree, node)];
  if (role == ROLE_INHERIT) role = roles[parent];
  if (role == ROLE_SPECIAL) role = special_role(tree, parent, node, roles[parent]);
  bool is_wildcard = role == OCCURRENCE_CAPTURE && tree_text_is(tree, node, "_");
  return is_wildcard ? ROLE_IGNORE : role;
}
