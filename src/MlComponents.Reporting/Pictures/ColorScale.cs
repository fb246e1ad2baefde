using SkiaSharp;

namespace MlComponents.Reporting;

/// <summary>Numbers from 0 to 1 as colours whose brightness rises evenly: viridis (van der Walt and Smith, matplotlib), by nine of its colours with straight lines between them.</summary>
internal static class ColorScale
{
    private static readonly SKColor[] Colors =
    [
        new(0x44, 0x01, 0x54), new(0x47, 0x2d, 0x7b), new(0x3b, 0x52, 0x8b), new(0x2c, 0x72, 0x8e), new(0x21, 0x91, 0x8c),
        new(0x28, 0xae, 0x80), new(0x5e, 0xc9, 0x62), new(0xad, 0xdc, 0x30), new(0xfd, 0xe7, 0x25),
    ];

    /// <summary>The colour of a number; what is below 0 or no number has that of 0, what is above 1 that of 1.</summary>
    public static SKColor Of(double value)
    {
        var at = (value > 0 ? Math.Min(value, 1) : 0) * (Colors.Length - 1);
        var below = Math.Min((int)at, Colors.Length - 2);
        return Mix(Colors[below], Colors[below + 1], at - below);
    }

    /// <summary>A colour between two, the share of the second from 0 to 1.</summary>
    public static SKColor Mix(SKColor first, SKColor second, double share)
    {
        return new(Between(first.Red, second.Red), Between(first.Green, second.Green), Between(first.Blue, second.Blue));

        byte Between(byte a, byte b) => (byte)Math.Round(a + share * (b - a));
    }
}
