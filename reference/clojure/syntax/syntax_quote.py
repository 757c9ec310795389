"""Syntax quote: a template to the form that builds it (LispReader.SyntaxQuoteReader)."""

from __future__ import annotations

from lockstep.reference.clojure.syntax.forms import Form, FormBuilder

_SPECIAL_FORMS = frozenset(
    [
        "def",
        "loop*",
        "recur",
        "if",
        "case*",
        "let*",
        "letfn*",
        "do",
        "fn*",
        "quote",
        "var",
        "import*",
        ".",
        "set!",
        "deftype*",
        "reify*",
        "try",
        "throw",
        "monitor-enter",
        "monitor-exit",
        "catch",
        "finally",
        "new",
        "&",
    ]
)
_CONSTRUCTORS = {"vector": "vector", "map": "hash-map", "set": "hash-set"}


class SyntaxQuote:
    """Expands templates; symbols get their full names, `name#` one fresh name per template."""

    def __init__(self, forms: FormBuilder) -> None:
        self._forms = forms

    def expand(self, form: Form) -> Form:
        """The form that builds `form`.

        Raises:
            ValueError: `~@` stands outside of a collection.
        """
        return self._expand(form, {})

    def _core(self, name: str) -> Form:
        return self._forms.symbol("clojure.core", name)

    def _call(self, name: str, *arguments: Form) -> Form:
        return self._forms.list([self._core(name), *arguments], 0, 0)

    def _is_call(self, form: Form, name: str) -> bool:
        forms = self._forms
        if forms.kind(form) != "list":
            return False
        items = forms.items(form)
        if len(items) != 2 or forms.kind(items[0]) != "symbol":
            return False
        return forms.name(items[0]) == ("clojure.core", name)

    def _quote(self, form: Form) -> Form:
        return self._forms.list([self._forms.symbol(None, "quote"), form], 0, 0)

    def _symbol(self, form: Form, names: dict[str, str]) -> Form:
        namespace, name = self._forms.name(form)
        if namespace is None and name in _SPECIAL_FORMS:
            return self._quote(form)
        if namespace is None and name.endswith("#"):
            if name not in names:
                names[name] = self._forms.gensym(name[:-1] + "__") + "__auto__"
            return self._quote(self._forms.symbol(None, names[name]))
        return self._quote(self._forms.symbol(*self._forms.resolve(namespace, name)))

    def _expand(self, form: Form, names: dict[str, str]) -> Form:
        forms = self._forms
        kind = forms.kind(form)
        if kind == "symbol":
            result = self._symbol(form, names)
        elif kind == "list":
            if self._is_call(form, "unquote"):
                return forms.items(form)[1]
            if self._is_call(form, "unquote-splicing"):
                raise ValueError("splice not in list")
            items = forms.items(form)
            if not items:
                return self._call("list")
            result = self._call("seq", self._concat(items, names))
        elif kind in _CONSTRUCTORS:
            parts = self._call("seq", self._concat(forms.items(form), names))
            result = self._call("apply", self._core(_CONSTRUCTORS[kind]), parts)
        else:
            return form if kind in ("keyword", "other") else self._quote(form)
        metadata = forms.metadata(form)
        if metadata is not None:
            result = self._call("with-meta", result, self._expand(metadata, names))
        return result

    def _concat(self, items: list[Form], names: dict[str, str]) -> Form:
        parts = [
            self._forms.items(item)[1]
            if self._is_call(item, "unquote-splicing")
            else self._call("list", self._expand(item, names))
            for item in items
        ]
        return self._call("concat", *parts)
