namespace MlComponents;

/// <summary>The text of an <see cref="Einsum"/>, understood: one term per operand and one for the output, in which a dot stands for the ellipsis.</summary>
internal sealed record EinsumEquation
{
    private const char Ellipsis = '.';
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private string Text { get; init; } = "";

    /// <summary>The terms of the operands, e.g. <c>.ij</c> for <c>...ij</c>.</summary>
    public IReadOnlyList<string> Operands { get; private init; } = [];

    /// <summary>The term of the output, the implied one included.</summary>
    public string Output { get; private init; } = "";

    /// <summary>Reads an equation.</summary>
    /// <exception cref="ArgumentException">It isn't one; the message says where it goes wrong.</exception>
    public static EinsumEquation Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var arrow = text.IndexOf("->", StringComparison.Ordinal);
        var (left, right) = arrow < 0 ? (text, null) : (text[..arrow], text[(arrow + 2)..]);

        List<string> operands = [];
        for (var start = 0; start <= left.Length;)
        {
            var end = left.IndexOf(',', start) is var comma and >= 0 ? comma : left.Length;
            operands.Add(Term(text, start, end));
            start = end + 1;
        }

        var output = right is null ? Implied(operands) : Term(text, arrow + 2, text.Length);
        CheckOutput(text, operands, output);
        if (Letters.All(letter => operands.Any(operand => operand.Contains(letter))))
            throw Error(text, "it uses all 52 letters, but one has to be left for the rows");
        return new() { Text = text, Operands = operands, Output = output };
    }

    /// <summary>The shape of a row's result.</summary>
    /// <param name="shapes">The shape of a row of each operand.</param>
    /// <exception cref="ArgumentException">The shapes don't fit the equation or each other.</exception>
    public long[] Shape(IReadOnlyList<IReadOnlyList<long>> shapes)
    {
        Dictionary<char, (long Size, int Operand)> sizes = [];
        List<IReadOnlyList<long>> ellipses = [];
        for (var i = 0; i < Operands.Count; i++)
            ellipses.Add(Match(i, shapes[i], sizes));

        var ellipsis = OperationInputs.Broadcast(ellipses) ?? throw Error(Text,
            $"the dimensions of '...' are {string.Join(" and ", ellipses.Where(shape => shape.Count > 0).Select(Shown.Shape))}, "
            + "but they must broadcast: aligned at the last one, sizes are equal or 1");
        return [.. Output.SelectMany(letter => letter == Ellipsis ? ellipsis : [sizes[letter].Size])];
    }

    /// <summary>The equation for many rows at once: a letter for the rows before every term.</summary>
    public string OfRows()
    {
        var rows = Letters.First(letter => Operands.All(operand => !operand.Contains(letter)));
        return $"{string.Join(",", Operands.Select(Written))}->{Written(Output)}";

        string Written(string term) => rows + Dotted(term);
    }

    /// <summary>Enters the sizes of an operand's letters, and returns the dimensions that its ellipsis covers.</summary>
    private IReadOnlyList<long> Match(int i, IReadOnlyList<long> shape, Dictionary<char, (long Size, int Operand)> sizes)
    {
        var term = Operands[i];
        var letters = term.Count(letter => letter != Ellipsis);
        var covered = shape.Count - letters;
        if (covered < 0 || covered > 0 && letters == term.Length)
            throw Error(Text, $"operand {i}, counted from 0, has the letters '{Dotted(term)}', but rows of the shape {Shown.Shape(shape)}");

        IReadOnlyList<long> ellipsis = [];
        Dictionary<char, long> own = [];
        var d = 0;
        foreach (var letter in term)
            if (letter == Ellipsis)
            {
                ellipsis = [.. shape.Skip(d).Take(covered)];
                d += covered;
            }
            else if (own.TryAdd(letter, shape[d++]))
                Enter(letter, own[letter], i, sizes);
            else if (own[letter] != shape[d - 1])
                throw Error(Text, $"the letter '{letter}' has the sizes {own[letter]} and {shape[d - 1]} in operand {i}, counted from 0, "
                    + "but within an operand they must be equal");
        return ellipsis;
    }

    private void Enter(char letter, long size, int operand, Dictionary<char, (long Size, int Operand)> sizes)
    {
        if (!sizes.TryGetValue(letter, out var known))
            sizes[letter] = (size, operand);
        else if (known.Size != size && known.Size != 1 && size != 1)
            throw Error(Text, $"the letter '{letter}' has the size {known.Size} in operand {known.Operand} and {size} in operand {operand}, counted from 0, "
                + "but they must be equal or one of them 1");
        else if (size > known.Size)
            sizes[letter] = (size, operand);
    }

    private static string Dotted(string term) => term.Replace(".", "...", StringComparison.Ordinal);

    private static string Term(string text, int start, int end)
    {
        var term = "";
        for (var at = start; at < end; at++)
        {
            var c = text[at];
            if (c == ' ')
                continue;
            if (c == Ellipsis && at + 3 <= end && text.AsSpan(at, 3) is "...")
            {
                if (term.Contains(Ellipsis))
                    throw Error(text, $"a second '...' stands at character {at + 1}, but a term has one at most");
                at += 2;
            }
            else if (!char.IsAsciiLetter(c))
                throw Error(text, $"'{c}' stands at character {at + 1}, but a term is made of letters, '...' and spaces, "
                    + "with commas between operands and one '->' before the output");
            term += c;
        }
        return term;
    }

    private static string Implied(IReadOnlyList<string> operands)
    {
        var all = string.Concat(operands);
        var once = Letters.Where(letter => all.Count(other => other == letter) == 1);
        return string.Concat(all.Contains(Ellipsis) ? once.Prepend(Ellipsis) : once);
    }

    private static void CheckOutput(string text, List<string> operands, string output)
    {
        foreach (var letter in output.Where(letter => letter != Ellipsis))
            if (!operands.Any(operand => operand.Contains(letter)))
                throw Error(text, $"the output has the letter '{letter}', but no operand has it");
            else if (output.Count(other => other == letter) > 1)
                throw Error(text, $"the output has the letter '{letter}' more than once");
    }

    private static ArgumentException Error(string text, string problem) => new($"The equation '{text}' can't be computed: {problem}.");
}
