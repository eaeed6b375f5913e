using Conference.Actors.Focus;
using Xunit;

namespace Conference.Actors.Tests.Focus;

public class FocusOptionsValidatorTests
{
    [Fact]
    public void Defaults_AreValid() => Assert.Empty(FocusOptionsValidator.Validate(new FocusOptions()));

    [Fact]
    public void EveryNumberAtMinusOne_IsNamed()
    {
        foreach (var property in typeof(FocusOptions).GetProperties().Where(property => property.CanWrite))
        {
            if (property.PropertyType == typeof(bool)) continue;
            var options = new FocusOptions();
            property.SetValue(options, property.PropertyType == typeof(TimeSpan)
                ? TimeSpan.FromSeconds(-1)
                : Convert.ChangeType(-1, property.PropertyType, System.Globalization.CultureInfo.InvariantCulture));
            Assert.Contains(
                FocusOptionsValidator.Validate(options),
                fault => fault.StartsWith(property.Name, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void SavedFileThatNoStoreTakes_IsNamed() => Assert.Contains(
        FocusOptionsValidator.Validate(new FocusOptions { SavedFileBytesMax = int.MaxValue }),
        fault => fault.StartsWith(nameof(FocusOptions.SavedFileBytesMax), StringComparison.Ordinal));
}
